package org.rale;

/**
 * A node's state at one moment, with the fields of the original.
 *
 * @param votedFor 0 for nobody
 * @param leaderId -1 where none is known
 * @param role follower, candidate, leader or learner
 * @param lastHeartbeat milliseconds since a leader was last heard, -1 when never
 * @param electionDeadline milliseconds until this node campaigns if it hears nothing, -1 when it
 *     will not
 */
public record RaleState(
    long currentTerm,
    int votedFor,
    int leaderId,
    String role,
    long lastLogIndex,
    long lastLogTerm,
    long commitIndex,
    long lastApplied,
    long lastHeartbeat,
    long electionDeadline) {}
