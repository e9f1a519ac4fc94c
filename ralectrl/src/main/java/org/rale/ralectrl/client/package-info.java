/**
 * The one client of the program: which servers to ask, one connection at a time, one deadline over
 * all of them, and what may be asked again when an answer did not come.
 *
 * <p>{@link org.rale.ralectrl.client.Client} is where to start. It blocks, and needs no thread of
 * its own and no Netty: a program that runs for a tenth of a second should not load one.
 */
@NullMarked
package org.rale.ralectrl.client;

import org.jspecify.annotations.NullMarked;
