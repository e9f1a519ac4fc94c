package org.rale.sim;

import java.util.List;
import org.rale.raft.Entry;
import org.rale.raft.Event;
import org.rale.raft.Message;
import org.rale.raft.RaftStatus;
import org.rale.replica.ReplicaInput;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.PeerMessage;

/** All that must hold, looked at after every turn of every node. */
final class Judges {
  private final World world;
  private final ElectionSafety elections;
  private final VoteSafety votes = new VoteSafety();
  private final Promises promises = new Promises();
  final KnownDisks disks = new KnownDisks();
  private final SnapshotMembers snapshots = new SnapshotMembers();
  private final Voices voices;
  private final LogMatching logs = new LogMatching();
  private final IndexOrder indexes = new IndexOrder();
  private final LeaderAppendOnly appends = new LeaderAppendOnly();
  private final MembershipSteps memberships = new MembershipSteps();
  private final CommittedByMajority majorities;
  private final TrueMatches matches;
  private final EqualState states = new EqualState();
  private final LeaderCompleteness completeness = new LeaderCompleteness();
  private final CommittedNeverLost committed = new CommittedNeverLost();
  private final LocalReads localReads;
  private final Watches watches;
  private final FreshReads freshReads = new FreshReads();
  final KeptLeases leases;
  final Reference reference;
  final AppliedLog applied;
  final ExactlyOnce once;

  Judges(World world) {
    this.world = world;
    this.leases = new KeptLeases(world);
    this.reference = new Reference(world.coverage, leases);
    this.elections = new ElectionSafety(world.coverage);
    this.applied = new AppliedLog(world.coverage, reference);
    this.once = new ExactlyOnce(reference);
    this.watches = new Watches(reference, world.coverage);
    this.localReads = new LocalReads(reference, world.coverage);
    this.majorities = new CommittedByMajority(world);
    this.matches = new TrueMatches(world);
    this.voices = new Voices(world);
  }

  void afterTurn(Life life, RaftStatus before) {
    RaftStatus status = life.status();
    long hash = life.replica().stateHash();
    world.trace.mix(life.id());
    world.trace.mix(status.term());
    world.trace.mix(status.commitIndex());
    world.trace.mix(status.appliedIndex());
    world.trace.mix(hash);
    List<Entry> fresh = life.shadow().fresh();
    elections.look(life, before, status);
    logs.look(life, fresh);
    memberships.look(life, status, fresh);
    appends.look(life, before, status);
    indexes.look(life, before, status);
    applied.look(life, status);
    states.look(life, status, hash);
    completeness.look(life, status, applied);
    majorities.look(life, before, status);
    matches.look(life, status);
    snapshots.look(life, applied);
    voices.look(life, status);
    disks.look(life, status);
    localReads.look(life, before, status);
    watches.look(life, before, status);
    committed.look(life, status);
    world.operator().oldCopy.look(life, status);
    world.operator().clone.look(life, status);
  }

  void sent(Life from, int to, PeerMessage message) {
    votes.sent(from, to, message);
    promises.sent(from, to, message);
    if (message instanceof PeerMessage.Forward) {
      world.saw(Seen.FORWARDED);
    } else if (message instanceof PeerMessage.Raft raft) {
      count(raft.message());
    }
  }

  void delivered(Life to, ReplicaInput input) {
    voices.delivered(to, input);
  }

  private void count(Message message) {
    if (message instanceof Message.PreVoteResponse vote && !vote.granted()) {
      world.saw(Seen.PRE_VOTE_REFUSED);
    } else if (message instanceof Message.VoteResponse vote && !vote.granted()) {
      world.saw(Seen.VOTE_REFUSED);
    } else if (message instanceof Message.TimeoutNow) {
      world.saw(Seen.TRANSFER);
    } else if (message instanceof Message.SnapshotPiece piece && piece.last()) {
      world.saw(Seen.SNAPSHOT_SENT);
    }
  }

  void answered(Life life, Request request, long appliedBefore, Response response) {
    freshReads.answered(life, request, appliedBefore, response);
    localReads.answered(request, response);
    watches.answered(request, appliedBefore, response);
  }

  /** A node wrote to its log. */
  void noted(Life life, Event event) {
    world.operator().oldCopy.noted(life, event.text());
    if (event.text().startsWith("the table of node")) {
      throw new SimFailure("node " + life.id() + " says: " + event.text());
    }
  }
}
