package org.rale.raft;

import java.util.List;

/**
 * Where a node stands.
 *
 * @param votedFor 0 for nobody
 * @param leaderId -1 where none is known
 * @param ready this node leads and has committed an entry of its term
 * @param removed a majority of the members it knows said that it is none
 * @param silentTicks since a leader was heard, or the last wait began
 * @param timeoutTicks the silence after which this node asks for power
 * @param membership in force
 * @param committedMembership the last one that is committed
 * @param departing removed members that this leader still tells of it
 * @param peers empty where this node does not lead
 */
public record RaftStatus(
    Role role,
    long term,
    int votedFor,
    int leaderId,
    boolean ready,
    boolean removed,
    long lastIndex,
    long lastTerm,
    long durableIndex,
    long commitIndex,
    long appliedIndex,
    int silentTicks,
    int timeoutTicks,
    Membership membership,
    Membership committedMembership,
    List<Integer> departing,
    List<PeerStatus> peers) {}
