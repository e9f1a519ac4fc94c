/**
 * What drives a node in a real process: the bounded inbox, the disk thread, and the clock that
 * turns nanoseconds into ticks. The node itself ({@link org.rale.replica}) knows none of them.
 */
@NullMarked
package org.rale.loop;

import org.jspecify.annotations.NullMarked;
