/**
 * The state machine: a hash table with an ordered index, and the memory of which client's changes
 * were applied.
 *
 * <p>Pure and deterministic: the same commands at the same indexes give the same bytes on every
 * node, whatever the clock, the locale or the JVM (S-20). One thread owns a {@link
 * org.rale.dstore.DStore}; a frozen image of it may be read by another.
 *
 * <p>Table keeps together what changes together: RowHeap has the rows, HashIndex and KeyIndex lead
 * to them by hash and in order, Leases knows who hangs on what, History what changed lately.
 * ImagePieces writes a frozen store, ImageReader reads it back. Prefetch is there for speed alone:
 * in a large table nearly all the time of a change is waiting for memory.
 */
@NullMarked
package org.rale.dstore;

import org.jspecify.annotations.NullMarked;
