/**
 * How a node whose cluster.db is damaged, lost or refused comes back: the cluster takes it out,
 * then it throws its data away, then the cluster takes it in again as the new node that it is.
 * {@link org.rale.raled.rejoin.Rejoin} is the course; the cluster is asked over its client ports.
 */
@NullMarked
package org.rale.raled.rejoin;

import org.jspecify.annotations.NullMarked;
