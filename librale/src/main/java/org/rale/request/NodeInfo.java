package org.rale.request;

/**
 * A member as one node sees it.
 *
 * @param role leader, follower, candidate, learner or unknown
 * @param online whether this node hears it
 */
public record NodeInfo(
    int id, String name, String host, int ralePort, int dstorePort, String role, boolean online) {}
