/**
 * BENCH: how fast a cluster serves. {@link org.rale.ralectrl.bench.Bench} is where to start: it
 * fills the keys, lets one {@code Lane} a connection ask for as long as the user wants, and
 * reports.
 *
 * <p>A lane owns its connection: it reads what has arrived, notes how long each reply took, and
 * writes as many new requests in one piece. A {@code Driver} is a thread with the lanes that it
 * drives; there is one for each processor. Nothing is handed to another thread, and nothing is
 * allocated for an operation, so that what is measured is the server.
 */
@NullMarked
package org.rale.ralectrl.bench;

import org.jspecify.annotations.NullMarked;
