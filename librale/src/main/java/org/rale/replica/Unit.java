package org.rale.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.rale.clusterdb.Recovered;
import org.rale.dstore.DStore;
import org.rale.raft.Event;
import org.rale.raft.Input;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.PeerStatus;
import org.rale.raft.Raft;
import org.rale.raft.Restored;
import org.rale.raft.Role;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.Identity;

/** What the rooms of this package share: the parts of one node, and the time. */
final class Unit {
  /** What the rules call the hand-over of a node that is leaving. */
  static final long LEAVE_TOKEN = -1;

  final ReplicaConfig config;
  final Outbox out;
  final RandomGenerator random;
  final Links links;
  final DiskQueue disk;
  final Pipelines pipelines;
  final Turns turns = new Turns();
  final Operations operations;
  final Session session;

  /** Nodes that are asked to join, by ADD or as founders. */
  private final List<Member> candidates = new ArrayList<>();

  private Identity identity;
  private Raft raft;
  private DStore store;
  private long now;
  private long leadsSince;
  private long errand = LEAVE_TOKEN;
  private boolean leaving;
  private boolean viewIsOld = true;

  Unit(ReplicaConfig config, Recovered recovered, RandomGenerator random, Outbox out) {
    this.config = config;
    this.out = out;
    this.random = random;
    this.links = new Links(config);
    this.disk = new DiskQueue(out);
    this.pipelines = new Pipelines(config);
    this.operations =
        new Operations(
            out,
            pipelines,
            config.maxOperations(),
            config.maxOperationBytes(),
            random.nextLong() >>> 2);
    this.session = new Session(random);
    this.identity = recovered.identity();
    this.store = recovered.store();
    this.raft =
        new Raft(
            config.raft(),
            recovered.identity().incarnation(),
            new Restored(
                recovered.hardState(),
                recovered.base(),
                recovered.entries(),
                recovered.store().appliedIndex()),
            random);
  }

  long now() {
    return now;
  }

  void tick() {
    now++;
    pipelines.tick(now);
  }

  void slept(int ticks) {
    now += ticks;
    pipelines.tick(now);
  }

  Identity identity() {
    return identity;
  }

  int nodeId() {
    return config.nodeId();
  }

  Raft raft() {
    return raft;
  }

  /** The rules begin anew, from what a founding put into the log. */
  void restart(Identity newIdentity, Restored restored) {
    identity = newIdentity;
    raft = new Raft(config.raft(), newIdentity.incarnation(), restored, random);
    viewIsOld = true;
  }

  void enter(long clusterId) {
    identity = identity.inCluster(clusterId);
    viewIsOld = true;
  }

  DStore store() {
    return store;
  }

  void replaceStore(DStore other) {
    store = other;
  }

  /** What a snapshot of the table as it is now says of its place in the log. */
  SnapshotMeta meta() {
    long index = raft.appliedIndex();
    return new SnapshotMeta(index, raft.termAt(index), raft.membershipAt(index));
  }

  Membership membership() {
    return raft.membership();
  }

  boolean leads() {
    return raft.role() == Role.LEADER;
  }

  /**
   * What the rules call the wishes of the desk's errand; requests have numbers from 0. A hand-over
   * may be refused long after its errand has ended, so each errand has another.
   */
  long errand() {
    return errand;
  }

  void nextErrand() {
    errand--;
  }

  boolean isLeaving() {
    return leaving;
  }

  void leave() {
    leaving = true;
  }

  void ask(Input input) {
    boolean led = leads();
    raft.step(input);
    if (!led && leads()) {
      leadsSince = now;
    }
  }

  void note(Event.Level level, String text) {
    out.note(new Event(level, text));
  }

  void addCandidate(Member node) {
    candidates.removeIf(other -> other.id() == node.id());
    candidates.add(node);
    links.forget(node.id());
    viewIsOld = true;
  }

  void dropCandidate(int id) {
    if (candidates.removeIf(node -> node.id() == id)) {
      viewIsOld = true;
    }
  }

  void viewChanged() {
    viewIsOld = true;
  }

  /** Whether something changed since the last view was made. */
  boolean isViewOld() {
    return viewIsOld;
  }

  /**
   * The view for the edge.
   *
   * @param newest the newest membership that is known
   */
  ClusterView freshView(Membership newest, List<Member> departing) {
    viewIsOld = false;
    List<Member> wanted = new ArrayList<>(candidates);
    departing.stream()
        .filter(node -> candidates.stream().noneMatch(other -> other.id() == node.id()))
        .forEach(wanted::add);
    return new ClusterView(identity, newest, wanted, raft.leaderId(), raft.term());
  }

  /** Whether this node hears the other one: as its leader by the rules, otherwise by the link. */
  boolean hears(int id) {
    if (id == nodeId()) {
      return true;
    }
    if (leads()) {
      return peer(id).map(peer -> peer.heardTicks() <= patience()).orElse(false);
    }
    return links.isUp(id);
  }

  /** As {@link #hears}; of whom a new leader has not heard yet it judges by the link. */
  boolean isOnline(int id) {
    return hears(id) || (leadsNewly() && links.isUp(id));
  }

  /** Whether this leader is so new that a silence says nothing yet. */
  boolean leadsNewly() {
    return leads() && now - leadsSince <= patience();
  }

  /** The tick in which this node began to lead. */
  long leadsSince() {
    return leadsSince;
  }

  /** What this leader knows of the peer. */
  Optional<PeerStatus> peer(int id) {
    return raft.status().peers().stream().filter(peer -> peer.id() == id).findFirst();
  }

  /** The tick from which on it makes sense to ask a node again that has turned a request away. */
  long afterRest() {
    return now + config.raft().heartbeatTicks();
  }

  /** Ticks of silence after which a peer is called offline. */
  long patience() {
    return 3L * config.raft().electionTicksMax();
  }

  /** How many of these voters are online, for people. */
  long online(Membership members) {
    return members.voters().stream().filter(this::isOnline).count();
  }

  /** How many of these voters this leader has heard in that tick or later; itself included. */
  long heardSince(Membership members, long tick) {
    return members.voters().stream()
        .filter(
            voter ->
                voter == nodeId()
                    || peer(voter).map(peer -> now - peer.heardTicks() >= tick).orElse(false))
        .count();
  }

  /** How many of these voters are heard. */
  long heard(Membership members) {
    return members.voters().stream().filter(this::hears).count();
  }
}
