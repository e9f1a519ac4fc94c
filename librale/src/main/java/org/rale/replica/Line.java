package org.rale.replica;

/**
 * A connection of a client, or what is known of it.
 *
 * @param nodeId whose client it is; 0: this node's
 * @param connection that node's number for it; 0: all of them, for a node of an older program does
 *     not tell them apart
 */
record Line(int nodeId, long connection) {}
