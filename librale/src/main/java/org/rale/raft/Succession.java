package org.rale.raft;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who leads after this leader, while both live (dissertation 3.10): because somebody wishes it, or
 * because a voter of higher priority is there.
 *
 * <p>The second is done with restraint. The other must have been linked, must have answered and
 * must have been caught up all the time for {@link LeaderChanges#patience}, and each hand-over that
 * it did not take doubles that; and no member may be on its way in. A leader that was given its
 * power by a node of higher priority keeps it for its term, as long as that node is linked: an
 * operator wished it so. If that node goes (it was stopped, say) and comes back, it is a node like
 * others.
 */
final class Succession {
  /** Names a hand-over that nobody waits for. */
  private static final long NOBODY_WAITS = Long.MIN_VALUE;

  private final Core core;
  private final Replication replication;

  /** Since which tick a voter of higher priority has been steady. */
  private final Map<Integer, Long> steadySince = new HashMap<>();

  /** Who wished that this node leads, as long as it is linked. */
  private int giver;

  /** Up to where was committed when steadiness was last looked at, and when that was. */
  private long committed;

  private long lookedAt;

  /** 0: leadership is not being handed over. */
  private int target;

  private long token;
  private long until;
  private boolean asked;

  /**
   * @param giver who handed its leadership to this node, {@link Core#NOBODY} where it was elected
   */
  Succession(Core core, Replication replication, int giver) {
    this.core = core;
    this.replication = replication;
    this.giver = giver;
    this.committed = Long.MAX_VALUE;
    this.lookedAt = core.now;
  }

  /** Proposals stop until it is over: the successor could not have them all otherwise. */
  boolean isUnderWay() {
    return target != 0;
  }

  /** The request may have got lost. */
  void askAgain() {
    asked = false;
  }

  void tick() {
    if (target != 0 && core.now >= until) {
      end("node " + target + " did not take over in time");
    }
    if (core.now - lookedAt >= core.settings.electionTicksMin()) {
      lookAtOthers();
      lookedAt = core.now;
      committed = core.commit();
    }
  }

  void unlinked(int peer) {
    steadySince.remove(peer);
    if (peer == giver) {
      giver = Core.NOBODY;
    }
  }

  private void lookAtOthers() {
    boolean wished = core.timer.priorityOf(giver) > core.settings.priority();
    for (Progress peer : replication.peers()) {
      if (!wished && isSteady(peer)) {
        steadySince.putIfAbsent(peer.peer, core.now);
      } else {
        steadySince.remove(peer.peer);
      }
    }
    steadySince.keySet().removeIf(peer -> !replication.isPeer(peer));
    long patience = core.leaderChanges.patience(core.now);
    steadySince.entrySet().stream()
        .filter(peer -> core.now - peer.getValue() >= patience)
        .map(Map.Entry::getKey)
        .max(Comparator.comparingInt(core.timer::priorityOf))
        .filter(best -> target == 0 && !isBusy())
        .ifPresent(this::giveWay);
  }

  /** A change of leader would end an ADD that is under way, or begin a snapshot anew. */
  private boolean isBusy() {
    return core.memberships.currentIndex() > core.commit()
        || core.membership().voters().size() < core.membership().size()
        || replication.peers().stream().anyMatch(this::getsSnapshot);
  }

  /** A member that is down needs one, and gets none. */
  private boolean getsSnapshot(Progress peer) {
    return peer.mode() == Progress.Mode.SNAPSHOT
        && core.now - peer.heardAt() <= core.settings.snapshotTicks();
  }

  private boolean isSteady(Progress peer) {
    return core.membership().isVoter(peer.peer)
        && core.timer.priorityOf(peer.peer) > core.settings.priority()
        && peer.mode() == Progress.Mode.REPLICATE
        && peer.match() >= committed
        && core.now - peer.acknowledgedAt() <= core.settings.electionTicksMin();
  }

  private void giveWay(int better) {
    steadySince.clear();
    core.leaderChanges.gives();
    begin(better, NOBODY_WAITS);
    core.out.note(
        Event.Level.INFO,
        "node "
            + better
            + " is caught up and has priority "
            + core.timer.priorityOf(better)
            + ", this node "
            + core.settings.priority()
            + ": handing leadership over to it");
  }

  void transfer(long wish, int wanted) {
    if (isUnderWay()) {
      core.out.add(new Effect.Refused(wish, Refusal.TRANSFERRING));
      return;
    }
    Optional<Integer> found =
        wanted == 0 ? bestSuccessor() : Optional.of(wanted).filter(this::mayTakeOver);
    if (found.isEmpty()) {
      core.out.add(new Effect.Refused(wish, Refusal.BAD_TARGET));
      return;
    }
    begin(found.get(), wish);
    core.out.note(Event.Level.INFO, "handing leadership over to node " + target);
  }

  private void begin(int successor, long wish) {
    target = successor;
    token = wish;
    until = core.now + core.settings.leaseTicks();
    asked = false;
  }

  private boolean mayTakeOver(int id) {
    return id != core.self()
        && core.membership().isVoter(id)
        && replication.isPeer(id)
        && replication.peer(id).mode() != Progress.Mode.LOST
        && core.now - replication.peer(id).acknowledgedAt() <= core.settings.leaseTicks();
  }

  private Optional<Integer> bestSuccessor() {
    return core.membership().voters().stream()
        .filter(this::mayTakeOver)
        .max(
            Comparator.<Integer>comparingLong(id -> replication.peer(id).match())
                .thenComparingInt(core.timer::priorityOf)
                .thenComparing(Comparator.reverseOrder()));
  }

  /** The successor is asked as soon as it has everything. */
  void advance() {
    if (target == 0 || asked) {
      return;
    }
    if (!mayTakeOver(target)) {
      end("node " + target + " does not answer");
    } else if (replication.peer(target).match() == core.log.lastIndex()) {
      asked = true;
      core.out.send(target, new Message.TimeoutNow(core.term()));
    }
  }

  private void end(String why) {
    core.out.note(Event.Level.WARNING, "leadership stays with this node: " + why);
    if (token == NOBODY_WAITS) {
      core.leaderChanges.failed(core.now);
    } else {
      core.out.add(new Effect.Refused(token, Refusal.BAD_TARGET));
    }
    target = 0;
  }
}
