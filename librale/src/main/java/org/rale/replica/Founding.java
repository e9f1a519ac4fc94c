package org.rale.replica;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.rale.clusterdb.Batch;
import org.rale.clusterdb.DiskTask;
import org.rale.raft.Entry;
import org.rale.raft.Event;
import org.rale.raft.HardState;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.Restored;
import org.rale.raft.SnapshotMeta;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.wire.Handshake.Refused;
import org.rale.wire.Identity;

/**
 * How a cluster begins, and how a node enters one.
 *
 * <p>By ADD of itself a node founds a cluster of one. By {@code cluster_members} the node with the
 * lowest id founds it for all, and only after every other one has said, over a link, that it is in
 * no cluster: a founder whose disk was emptied then learns that its cluster exists, and founds no
 * second one (S-06). The others begin as learners with their incarnations on record and become
 * voters one by one.
 */
final class Founding {
  private static final long FOUNDING_INDEX = 1;

  private static final long REMIND_MS = 60_000;
  private static final long FIRST_REMINDER_MS = 5_000;

  private final Unit unit;
  private boolean warned;
  private long remindAt;

  Founding(Unit unit) {
    this.unit = unit;
    this.remindAt = unit.now() + unit.config.ticks(FIRST_REMINDER_MS);
    if (isFounder()) {
      others().forEach(unit::addCandidate);
    }
  }

  private boolean isFounder() {
    return isListed() && founder().id() == unit.nodeId();
  }

  /** Whether cluster_members names this node, which is in no cluster. */
  private boolean isListed() {
    return !unit.identity().inCluster() && !unit.config.founders().isEmpty();
  }

  private Member founder() {
    return Collections.min(unit.config.founders(), Comparator.comparingInt(Member::id));
  }

  private List<Member> others() {
    return unit.config.founders().stream().filter(node -> node.id() != unit.nodeId()).toList();
  }

  /** Founds the cluster of {@code cluster_members} as soon as that is safe. */
  void advance() {
    if (!isFounder()) {
      return;
    }
    List<Member> learners = new ArrayList<>();
    for (Member node : others()) {
      Optional<Identity> peer = unit.links.peer(node.id());
      if (peer.isEmpty()) {
        return;
      }
      if (peer.get().inCluster()) {
        warnOfCluster(node.id());
        return;
      }
      learners.add(
          new Member(
              node.id(),
              node.name(),
              node.host(),
              node.ralePort(),
              node.dstorePort(),
              peer.get().incarnation(),
              false));
    }
    found(learners);
  }

  /**
   * Whether the founder of {@code cluster_members} is still the only voter. What it acknowledged
   * now would be lost with its disk alone, so changes wait until a second one votes: that takes as
   * long as a link and an entry.
   */
  boolean isUnderWay() {
    Membership now = unit.membership();
    return unit.raft().membershipIndex() == FOUNDING_INDEX
        && now.size() > 1
        && now.voters().size() == 1;
  }

  /** Whether this node will be in a cluster as soon as all that are listed are there. */
  boolean isAwaited() {
    return isListed() && !warned;
  }

  /**
   * Says now and then whom it waits for: the log is where somebody looks who started two of three.
   */
  void tick() {
    if (isAwaited() && unit.now() >= remindAt) {
      remindAt = unit.now() + unit.config.ticks(REMIND_MS);
      Failed waits = notFounded();
      unit.note(Event.Level.WARNING, waits.message() + ": " + waits.detail() + ". " + waits.hint());
    }
  }

  /**
   * Why there is no cluster here, and what to do: who is listed and missing, as far as is known.
   */
  Failed notFounded() {
    if (!isListed()) {
      return Failures.inNoCluster(unit.nodeId());
    }
    Optional<Member> ahead = others().stream().filter(node -> isInCluster(node.id())).findFirst();
    if (ahead.isPresent()) {
      int id = ahead.get().id();
      String why = unit.links.refusal(id).map(refused -> ": " + refused.reason()).orElse("");
      return Failures.notFounded(
          unit.nodeId(),
          "node " + id + " is in a cluster, and has not taken this node in" + why,
          "if this node's disk was emptied, REMOVE " + unit.nodeId() + " there and ADD it again");
    }
    return isFounder() ? othersMissing() : founderMissing();
  }

  private boolean isInCluster(int id) {
    return unit.links
        .peer(id)
        .or(() -> unit.links.refusal(id).map(Refused::sender))
        .filter(Identity::inCluster)
        .isPresent();
  }

  private Failed othersMissing() {
    List<String> missing =
        others().stream()
            .filter(node -> !unit.links.isUp(node.id()))
            .map(
                node ->
                    where(node) + unit.links.obstacle(node.id()).map(why -> ": " + why).orElse(""))
            .toList();
    return missing.isEmpty()
        ? Failures.notFounded(unit.nodeId(), "it is being founded", "try again in a moment")
        : Failures.notFounded(
            unit.nodeId(),
            "missing nodes of cluster_members: " + String.join("; ", missing),
            "start raled there, or correct the list on every node: all must be there once");
  }

  private Failed founderMissing() {
    String founds = where(founder()) + " founds the cluster of cluster_members";
    return unit.links.isUp(founder().id())
        ? Failures.notFounded(
            unit.nodeId(),
            founds + " when all nodes of the list are there",
            "ask that node: it says who is missing")
        : Failures.notFounded(
            unit.nodeId(),
            founds + ", and has not called",
            "start raled there, and compare the list there with the one here");
  }

  private static String where(Member node) {
    return "node " + node.id() + " at " + node.host() + " port " + node.dstorePort();
  }

  private void warnOfCluster(int other) {
    if (!warned) {
      warned = true;
      unit.note(
          Event.Level.ERROR,
          "node "
              + other
              + " is in a cluster already, and this node's cluster.db is new: it does"
              + " not found a second one. REMOVE "
              + unit.nodeId()
              + " there and ADD it again");
    }
  }

  /** ADD of this node, given to it while it is in no cluster. */
  void found(Operation operation, Request.Add add) {
    Member self = unit.config.self();
    List<String> differences = new ArrayList<>();
    compare(differences, "id", add.id(), self.id());
    compare(differences, "name", add.name(), self.name());
    compare(differences, "ip", add.host(), self.host());
    compare(differences, "rale_port", add.ralePort(), self.ralePort());
    compare(differences, "dstore_port", add.dstorePort(), self.dstorePort());
    if (differences.isEmpty() && !unit.config.founders().isEmpty()) {
      differences.add(
          "cluster_members is set, so the nodes named there found the cluster together");
    }
    if (!differences.isEmpty()) {
      unit.operations.answer(
          operation,
          new Failed(
              ErrorCode.MEMBERSHIP_REFUSED,
              add.id() == self.id()
                  ? "node " + self.id() + " is configured otherwise"
                  : "node " + self.id() + " is in no cluster, and can only ADD itself",
              String.join(", ", differences),
              "correct the ADD or the configuration",
              0));
      return;
    }
    Optional<Identity> caller = unit.links.caller();
    if (caller.isPresent()) {
      unit.operations.answer(operation, knownElsewhere(caller.get()));
      return;
    }
    found(List.of());
    operation.working();
  }

  /** Two clusters that both know this node would be two primaries. */
  private Failed knownElsewhere(Identity caller) {
    return new Failed(
        ErrorCode.MEMBERSHIP_REFUSED,
        "node " + unit.nodeId() + " founds no cluster: it is known in another one",
        String.format(
            Locale.ROOT,
            "node %d of cluster %016x has called it",
            caller.nodeId(),
            caller.clusterId()),
        "give the ADD to node "
            + caller.nodeId()
            + ", after a REMOVE there if this node's disk was emptied",
        0);
  }

  private static void compare(List<String> into, String what, Object given, Object configured) {
    if (!given.equals(configured)) {
      into.add(what + " is " + configured + ", not " + given);
    }
  }

  private void found(List<Member> learners) {
    long clusterId = unit.random.nextLong() | 1;
    Member configured = unit.config.self();
    Member self =
        new Member(
            configured.id(),
            configured.name(),
            configured.host(),
            configured.ralePort(),
            configured.dstorePort(),
            unit.identity().incarnation(),
            true);
    Membership membership = new Membership(List.of(self));
    for (Member learner : learners) {
      membership = membership.with(learner);
      unit.dropCandidate(learner.id());
    }
    HardState state = new HardState(1, 0);
    List<Entry> entries = List.of(new Entry(FOUNDING_INDEX, 1, new Payload.Members(membership)));
    unit.disk.order(
        sequence -> new DiskTask.Join(sequence, clusterId, new Batch(state, entries, 0)), () -> {});
    unit.restart(
        unit.identity().inCluster(clusterId), new Restored(state, SnapshotMeta.NONE, entries, 0));
    unit.note(
        Event.Level.INFO,
        String.format(
            java.util.Locale.ROOT,
            "founding cluster %016x of %d nodes",
            clusterId,
            membership.size()));
  }

  /**
   * A leader of that cluster sends entries to this node, which is in none: from now on it is in it.
   */
  void enter(long clusterId, int leader) {
    unit.disk.order(
        sequence -> new DiskTask.Join(sequence, clusterId, new Batch(null, List.of(), 0)),
        () -> {});
    unit.enter(clusterId);
    config().forEach(node -> unit.dropCandidate(node.id()));
    unit.note(
        Event.Level.INFO,
        String.format(
            java.util.Locale.ROOT,
            "node %d takes this node into cluster %016x",
            leader,
            clusterId));
  }

  private List<Member> config() {
    return unit.config.founders();
  }

  /** The founding was asked for by an operation: answered once this node leads. */
  void answer(Operation operation) {
    if (unit.raft().status().ready()) {
      unit.operations.answer(operation, new Response.Added(unit.nodeId(), false, true));
    }
  }
}
