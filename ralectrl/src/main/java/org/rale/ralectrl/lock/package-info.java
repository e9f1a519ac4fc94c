/**
 * A lock that is held while a command runs. {@link org.rale.ralectrl.lock.Lock} is where to start.
 *
 * <ul>
 *   <li>{@link org.rale.ralectrl.lock.Acquisition} gets the lock: a lease, and a key that hangs on
 *       it
 *   <li>{@link org.rale.ralectrl.lock.Keeper} decides when to renew the lease, and when it is too
 *       late for that: plain arithmetic over a clock that is given
 *   <li>{@link org.rale.ralectrl.lock.ProcessGroup} is the command with all that it starts, and
 *       {@link org.rale.ralectrl.lock.Guardian} kills it where this program can't any more
 * </ul>
 *
 * <p>Three threads: the main one decides, one asks the servers for each renewal, so that a silent
 * server never keeps the main one from killing in time, and those of signals. They meet in one
 * queue of {@link org.rale.ralectrl.lock.Event}.
 */
@NullMarked
package org.rale.ralectrl.lock;

import org.jspecify.annotations.NullMarked;
