package org.rale.sim;

import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.VirtualStorage;
import org.rale.raft.Membership;
import org.rale.raft.PeerStatus;
import org.rale.raft.RaftStatus;

/**
 * An old copy of a node's disk is put back. What may come of it in general is a limit of the design
 * (docs/SAFETY.md), so the node talks to nobody but the leader, and is emptied soon after. What is
 * promised is judged: a leader that remembers more of the node in its own term takes it back in
 * nothing (S-06).
 */
final class OldCopy {
  private final World world;
  private final Operator operator;
  private final Dice dice;

  /** Whose disk is an old copy now. */
  private @Nullable Machine victim;

  private int leaderId;
  private long term;
  private long lastInCopy;

  /** Up to where the leader knows that the node held the log. */
  private long remembered;

  OldCopy(World world, Operator operator, Dice dice) {
    this.world = world;
    this.operator = operator;
    this.dice = dice;
  }

  boolean isUnderWay() {
    return victim != null;
  }

  /** Copies the disk now, and puts the copy back when the leader has seen more of the node. */
  void begin(Machine machine) {
    Life leader = world.leader();
    Shadow shadow = machine.shadow();
    // One that is down may have got an empty disk: what its last life knew is on no disk.
    if (leader == null
        || leader.machine == machine
        || shadow == null
        || machine.life() == null
        || machine.isBroken()) {
      return;
    }
    VirtualStorage copy = machine.copyOfDisk();
    long last = Math.max(shadow.last(), shadow.snapshotIndex());
    long then = leader.status().term();
    world.schedule.after(
        dice.between(200_000, 1_500_000), () -> putBack(machine, copy, last, leader, then));
  }

  private void putBack(
      Machine machine, VirtualStorage copy, long last, Life leader, long termThen) {
    RaftStatus status = leader.status();
    boolean stillLeads = world.leader() == leader && status.term() == termThen;
    long match =
        status.peers().stream()
            .filter(peer -> peer.id() == machine.id)
            .mapToLong(PeerStatus::match)
            .max()
            .orElse(0);
    Membership members = world.judges.applied.membership();
    if (isUnderWay()
        || !stillLeads
        || match <= last
        || !isInTerm(machine)
        || !members.isVoter(machine.id)
        || !operator.maySpareDiskOf(machine)) {
      return;
    }
    victim = machine;
    leaderId = leader.id();
    term = termThen;
    lastInCopy = last;
    remembered = match;
    world.saw(Seen.OLD_COPY);
    machine.crash(true);
    world.trace.add("node", machine.id, "gets a copy of its disk back, log up to", last);
    world.network.quarantine(machine.id, leaderId);
    machine.put(copy);
    machine.startIn(dice.between(0, 200_000));
    world.schedule.after(dice.between(500_000, 2_000_000), this::end);
  }

  /** Otherwise it may have voted in a later term already, and would vote again. */
  private boolean isInTerm(Machine machine) {
    Life life = machine.life();
    return life != null && life.status().term() == term(world.leader());
  }

  private boolean leaderLeads() {
    Life leader = world.leader();
    return leader != null && leader.id() == leaderId && term(leader) == term;
  }

  private static long term(@Nullable Life life) {
    return life == null ? -1 : life.status().term();
  }

  /** The leader's log of events. */
  void noted(Life life, String text) {
    Machine now = victim;
    if (now != null && life.id() == leaderId && text.contains("node " + now.id + " had ack")) {
      world.saw(Seen.REFUSED_OLD_COPY);
    }
  }

  /** After each turn of the node. */
  void look(Life life, RaftStatus status) {
    Machine now = victim;
    Shadow log = life.shadow();
    if (now == life.machine && !leaderLeads()) {
      // Nobody remembers any more what the node had, which is the limit that SAFETY.md names.
      world.schedule.after(0, this::end);
      return;
    }
    // A snapshot that has all of it, and more, makes the node what it was.
    if (now == life.machine
        && status.term() == term
        && log.last() > lastInCopy
        && log.snapshotIndex() < remembered) {
      throw new SimFailure(
          "node "
              + now.id
              + " has forgotten what it acknowledged to node "
              + leaderId
              + " in term "
              + term
              + " behind index "
              + lastInCopy
              + ", and gets entries from it as if nothing had happened");
    }
  }

  /** The node is emptied, as the leader's sentence says. */
  void end() {
    Machine now = victim;
    if (now != null) {
      victim = null;
      now.crash(true);
      world.network.release(now.id);
      now.wipe();
      now.startIn(dice.between(0, 500_000));
    }
  }
}
