/**
 * One node as one unit: rules, table and file wired together.
 *
 * <p>{@link org.rale.replica.Replica#step} takes one {@link org.rale.replica.ReplicaInput}; what
 * the node wants done leaves through {@link org.rale.replica.Outbox}. One thread at a time runs it,
 * and it neither reads a clock nor starts a thread, so the daemon and a simulator run the very same
 * code.
 */
@NullMarked
package org.rale.replica;

import org.jspecify.annotations.NullMarked;
