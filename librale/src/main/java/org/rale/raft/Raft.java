package org.rale.raft;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One node's rules. {@link #step} takes what happened, {@link #drain} gives what must be done.
 *
 * <pre>
 *              silence             majority would            majority did
 *   FOLLOWER ----------> PRE_CANDIDATE -----> CANDIDATE ---------------> LEADER
 *      ^                     |   ^               |  |                      |
 *      |                     |   +---- silence --+  |                      |
 *      +--- higher term, or a leader of this term --+--- no voices --------+
 * </pre>
 *
 * <p>A leader that hands over asks a follower, which becomes CANDIDATE at once.
 */
public final class Raft {
  /** For rules that have no disk behind them. */
  public static final long ANY_INCARNATION = 0;

  /**
   * No node was ever away for so many elections. A term beyond is a broken sender's, and to take it
   * over would leave the cluster without terms to count on in (S-17).
   */
  private static final long MAX_TERMS_AHEAD = 1L << 32;

  private final Core core;
  private final Election election;
  private final Following following;
  private final Reads reads;
  private @Nullable Leading leading;

  public Raft(RaftSettings settings, Restored restored, RandomGenerator random) {
    this(settings, ANY_INCARNATION, restored, random);
  }

  /**
   * @param incarnation of this node's disk. Only a membership that names it makes this node a
   *     voter: on a disk that was emptied the log begins anew, and its first entries tell of the
   *     time when the disk before was one (S-06)
   */
  public Raft(RaftSettings settings, long incarnation, Restored restored, RandomGenerator random) {
    core = new Core(settings, incarnation, restored, random);
    election = new Election(core);
    following = new Following(core);
    reads = new Reads(core, random.nextLong() >>> 2);
  }

  /** Takes one input. What it makes necessary gathers until the next {@link #drain}. */
  public void step(Input input) {
    if (input instanceof Input.Received received) {
      receive(received.from(), received.message());
    } else if (input instanceof Input.Tick) {
      tick();
    } else if (input instanceof Input.Persisted persisted) {
      core.out.persisted(persisted.batch());
      if (election.ownVoteDurable()) {
        lead();
      }
    } else if (input instanceof Input.SnapshotArrived arrived) {
      following.snapshotArrived(arrived.from(), arrived.meta());
    } else if (input instanceof Input.Installed installed) {
      following.installed(installed.meta());
    } else if (input instanceof Input.Woke woke) {
      woke(woke.missedTicks());
    } else if (input instanceof Input.LinkBroken broken) {
      if (leading != null) {
        leading.replication().linkBroken(broken.peer());
      }
    } else if (input instanceof Input.PathChanged changed) {
      pathChanged(changed.peer());
    } else if (input instanceof Input.Unlinked unlinked) {
      core.timer.unlinked(unlinked.peer());
      if (leading != null) {
        leading.replication().linkBroken(unlinked.peer());
        leading.succession().unlinked(unlinked.peer());
      }
    } else if (input instanceof Input.PeerPriority peer) {
      core.timer.linked(peer.peer(), peer.priority());
    } else {
      wish(input);
    }
  }

  /** What was learned of the leader, or of the peer, was learned of another path. */
  private void pathChanged(int peer) {
    if (leading != null) {
      leading.replication().pathChanged(peer);
    } else if (peer == core.leaderId()) {
      core.timer.forget();
      following.forgetLosses();
    }
  }

  /** Everything that must happen because of the steps since the last call, in order. */
  public List<Effect> drain() {
    return drain(Long.MAX_VALUE);
  }

  /**
   * The same, with a bound on what is to be applied: a long log would keep the process from its
   * heartbeats.
   *
   * @param applyBytes about how many bytes of entries; {@link #hasReady} says whether more wait
   */
  public List<Effect> drain(long applyBytes) {
    settle();
    core.applyReady(applyBytes);
    List<Effect> effects = core.out.drain(core.hardState(), core.commit(), core.now);
    core.forgetApplied(leading == null ? Long.MAX_VALUE : leading.replication().heldFrom());
    core.checkInvariants();
    return effects;
  }

  /** Whether entries are committed and durable here that no {@link #drain} has handed out yet. */
  public boolean hasReady() {
    return core.hasReady();
  }

  /**
   * Why a {@link Input.Propose} would be refused at this moment, whatever it holds; null: it would
   * be accepted.
   */
  public @Nullable Refusal refusal() {
    return leading == null ? Refusal.NOT_LEADER : leading.refusal();
  }

  /** How many bytes of entries no {@link #drain} has handed out to be applied, committed or not. */
  public long unappliedBytes() {
    return core.unappliedBytes();
  }

  public RaftStatus status() {
    Leading mine = leading;
    return new RaftStatus(
        core.role(),
        core.term(),
        core.votedFor(),
        core.leaderId(),
        mine != null && mine.isReady(),
        isRemoved(),
        core.log.lastIndex(),
        core.log.lastTerm(),
        core.log.durable(),
        core.commit(),
        core.applied(),
        core.timer.elapsed(),
        core.timer.timeout(core.membership(), core.leaderId(), core.term(), core.now),
        core.membership(),
        core.memberships.at(core.commit()),
        departing(),
        mine == null ? List.of() : mine.peerStatus());
  }

  /** The last membership of the log, committed or not. */
  public Membership membership() {
    return core.membership();
  }

  /** The index of the entry, or of the snapshot, that brought it. */
  public long membershipIndex() {
    return core.memberships.currentIndex();
  }

  /** The membership in force at an applied index. */
  public Membership membershipAt(long index) {
    return core.memberships.at(index);
  }

  /** The last index at which the membership is known to be committed; it may not be applied yet. */
  public long settledIndex() {
    return core.memberships.settled(core.applied());
  }

  /** The term of the entry at the index, -1 where the log does not reach. */
  public long termAt(long index) {
    return core.log.termAt(index);
  }

  public long appliedIndex() {
    return core.applied();
  }

  public long term() {
    return core.term();
  }

  public Role role() {
    return core.role();
  }

  /** Whether the disk is about to put a snapshot in the place of everything. */
  public boolean isInstalling() {
    return following.isInstalling();
  }

  /** -1 where no leader is known. */
  public int leaderId() {
    return core.leaderId();
  }

  /** Removed members that this leader still tells of it. */
  public List<Integer> departing() {
    Leading mine = leading;
    return mine == null ? List.of() : List.copyOf(mine.replication().departing());
  }

  /** Whether this node was a member and is none any more, as far as it knows. */
  public boolean isRemoved() {
    Membership committed = core.memberships.at(core.commit());
    return election.saidToBeRemoved()
        || (!committed.isEmpty()
            && !committed.contains(core.self())
            && !core.membership().contains(core.self()));
  }

  private void wish(Input input) {
    if (input instanceof Input.Propose propose) {
      if (leading == null) {
        refuse(propose.token());
      } else {
        leading.propose(propose.token(), propose.command());
      }
    } else if (input instanceof Input.Read read) {
      read(read.token());
    } else if (input instanceof Input.ChangeMembership change) {
      if (leading == null) {
        refuse(change.token());
      } else {
        leading.changeMembership(change.token(), change.next());
      }
    } else if (input instanceof Input.Transfer transfer) {
      if (leading == null) {
        refuse(transfer.token());
      } else {
        leading.succession().transfer(transfer.token(), transfer.target());
      }
    }
  }

  private void read(long token) {
    if (leading != null) {
      leading.read(core.self(), token);
    } else if (core.leaderId() == Core.NOBODY) {
      refuse(token);
    } else {
      reads.ask(token);
    }
  }

  private void refuse(long token) {
    core.out.add(new Effect.Refused(token, Refusal.NOT_LEADER));
  }

  private void tick() {
    core.now++;
    reads.tick();
    if (leading != null) {
      leading.tick();
      if (!leading.hasVoices()) {
        core.out.note(
            Event.Level.WARNING,
            "no majority acknowledges entries any more: node "
                + core.self()
                + " gives up leading term "
                + core.term());
        follow(core.term(), Core.NOBODY);
      }
      return;
    }
    core.timer.tick();
    if (following.isInstalling()) {
      return;
    }
    if (core.timeIsUp() && !election.waitsForDisk()) {
      reads.drop();
      election.timedOut();
    } else {
      election.tick();
    }
  }

  /**
   * A leader that slept through the longest timeout has most likely been replaced (S-13). A shorter
   * pause costs it nothing: it reads from no lease, and acknowledgements decide as ever.
   */
  private void woke(int missedTicks) {
    core.now += missedTicks;
    if (leading != null && missedTicks >= core.settings.electionTicksMax()) {
      core.out.note(
          Event.Level.WARNING,
          "this process stood still for "
              + (long) missedTicks * core.settings.tickMs()
              + " ms: it leads no more");
      follow(core.term(), Core.NOBODY);
    } else if (leading == null) {
      core.timer.slept(core.now);
    }
  }

  private void receive(int from, Message message) {
    if (from == core.self() || (core.membership().isEmpty() && asksForPower(message))) {
      // A node in no cluster votes for nobody.
      return;
    }
    if (message.term() - core.term() > MAX_TERMS_AHEAD) {
      core.out.note(
          Event.Level.ERROR,
          "node "
              + from
              + " claims term "
              + message.term()
              + " while term "
              + core.term()
              + " runs: what it says is ignored");
      return;
    }
    if (message instanceof Message.PreVoteRequest request) {
      election.onPreVoteRequest(from, request);
      return;
    }
    if (message instanceof Message.PreVoteResponse response && response.term() <= core.term()) {
      // Its sender may well be in an older term, and still be willing to follow into a new one.
      election.onPreVoteResponse(from, response);
      return;
    }
    if (message.term() > core.term()) {
      if (message instanceof Message.VoteRequest request
          && !request.transfer()
          && election.hearsLeader()) {
        // S-10: the term stays as it is, the leader that is heard keeps its followers.
        election.answer(from, request, Denial.LEADER_HEARD);
        return;
      }
      follow(message.term(), Core.NOBODY);
    } else if (message.term() < core.term()) {
      answerOldTerm(from, message);
      return;
    }
    if (leads(message)) {
      if (leading != null) {
        core.out.note(
            Event.Level.ERROR,
            "node " + from + " claims to lead term " + core.term() + ", which this node leads");
        return;
      }
      hearLeader(from);
      fromLeader(from, message);
    } else {
      fromPeer(from, message);
    }
  }

  private static boolean asksForPower(Message message) {
    return message instanceof Message.PreVoteRequest || message instanceof Message.VoteRequest;
  }

  /** Whether only the leader of its term sends such a message. */
  private static boolean leads(Message message) {
    return message instanceof Message.AppendRequest
        || message instanceof Message.Heartbeat
        || message instanceof Message.SnapshotPiece;
  }

  private void answerOldTerm(int from, Message message) {
    if (message instanceof Message.VoteRequest request) {
      election.answer(from, request, Denial.OLD_TERM);
    } else if (message instanceof Message.AppendRequest request) {
      following.refuseOldLeader(from, request);
    } else if (message instanceof Message.Heartbeat || message instanceof Message.SnapshotPiece) {
      core.out.sendDurably(
          from,
          new Message.HeartbeatResponse(core.term(), 0, Message.HeartbeatResponse.LOSS_UNKNOWN));
    } else if (message instanceof Message.ReadIndexRequest request) {
      core.out.send(from, new Message.ReadIndexResponse(core.term(), request.id(), -1));
    }
  }

  private void hearLeader(int from) {
    election.heardLeader();
    if (core.role() != Role.FOLLOWER || core.leaderId() != from) {
      boolean news = core.leaderId() != from;
      follow(core.term(), from);
      if (news) {
        core.out.note(Event.Level.INFO, "following node " + from + " in term " + core.term());
      }
    }
    core.timer.heard(from, core.term(), core.now);
  }

  private void fromLeader(int from, Message message) {
    if (message instanceof Message.AppendRequest request) {
      following.onAppend(from, request);
    } else if (message instanceof Message.Heartbeat heartbeat) {
      following.onHeartbeat(from, heartbeat);
    } else if (message instanceof Message.SnapshotPiece piece) {
      following.onPiece(from, piece);
    }
  }

  private void fromPeer(int from, Message message) {
    if (message instanceof Message.VoteRequest request) {
      election.onVoteRequest(from, request);
    } else if (message instanceof Message.VoteResponse response) {
      if (election.onVoteResponse(from, response)) {
        lead();
      }
    } else if (message instanceof Message.TimeoutNow && from == core.leaderId()) {
      // The old leader's answers are of the old term by now, and would not be taken.
      reads.drop();
      election.timeoutNow(from);
    } else if (message instanceof Message.ReadIndexResponse response) {
      following.learnCommit(response.index());
      reads.answered(response);
    } else if (message instanceof Message.ReadIndexRequest request) {
      if (leading == null) {
        core.out.send(from, new Message.ReadIndexResponse(core.term(), request.id(), -1));
      } else {
        leading.read(from, request.id());
      }
    } else if (leading != null && leading.replication().isPeer(from)) {
      toLeader(leading, from, message);
    }
  }

  private static void toLeader(Leading leading, int from, Message message) {
    if (message instanceof Message.AppendResponse response) {
      leading.onAppendResponse(from, response);
    } else if (message instanceof Message.HeartbeatResponse response) {
      leading.onHeartbeatResponse(from, response);
    } else if (message instanceof Message.SnapshotResponse response) {
      leading.onSnapshotResponse(from, response);
    }
  }

  private void follow(long term, int leader) {
    boolean change = leading != null || core.leaderId() != leader || term != core.term();
    if (change) {
      reads.drop();
    }
    if (leading != null) {
      for (Progress peer : leading.replication().peers()) {
        core.out.add(new Effect.StopSnapshot(peer.peer));
      }
      leading = null;
    }
    core.follow(term, leader);
  }

  private void lead() {
    core.becomeLeader();
    leading = new Leading(core, reads, election.giver(), election.electors());
  }

  private void settle() {
    if (leading != null) {
      leading.settle();
      if (!core.mayLead()) {
        core.out.note(Event.Level.INFO, "this node is no voter any more and leads no more");
        follow(core.term(), Core.NOBODY);
      }
    }
  }
}
