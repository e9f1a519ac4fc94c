package org.rale.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.Recovered;
import org.rale.clusterdb.RewriteLimits;
import org.rale.dstore.DStore;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Denial;
import org.rale.raft.Event;
import org.rale.raft.HardState;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.raft.RaftSettings;
import org.rale.raft.SnapshotMeta;
import org.rale.request.PathInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/** Node 1 of three, whose every input is given by the test; its disk is done when the test says. */
final class HandDriven implements Outbox {
  static final long CLUSTER = 0xc1;

  static final long MAX_OPERATION_BYTES = 56 << 20;

  /** Seven answers a turn, none of which says much. */
  static final long READ_BYTES = 3_500;

  /** How long a client waits, in ticks. */
  static final int PATIENCE = 100;

  static final Membership THREE = new Membership(List.of(member(1), member(2), member(3)));

  /** What left for a node. */
  record Sent(int to, PeerMessage message) {}

  /** A client was answered. */
  record Answer(long token, Response response) {}

  final List<Sent> sent = new ArrayList<>();
  final List<Answer> answers = new ArrayList<>();
  final List<Event> notes = new ArrayList<>();

  /** What the transport has measured. */
  final Map<Integer, PathInfo> paths = new HashMap<>();

  private final ArrayDeque<DiskTask> tasks = new ArrayDeque<>();
  private final Replica replica;
  private long tokens;

  private HandDriven(
      Identity identity, SnapshotMeta meta, List<Member> founders, long maxSizeBytes) {
    this(identity, meta, founders, maxSizeBytes, meta, 0);
  }

  /**
   * @param snapshot in the file, with so much log behind it
   * @param meta up to where the log is applied
   */
  private HandDriven(
      Identity identity,
      SnapshotMeta meta,
      List<Member> founders,
      long maxSizeBytes,
      SnapshotMeta snapshot,
      long logBytes) {
    DStore store = new DStore();
    if (meta.index() > 0) {
      store.skip(meta.index());
    }
    RaftSettings raft = RaftSettings.of(10, identity.nodeId(), 1, 10, 20, 2);
    replica =
        new Replica(
            new ReplicaConfig(
                member(identity.nodeId()),
                raft,
                10,
                maxSizeBytes,
                100,
                MAX_OPERATION_BYTES,
                new RewriteLimits(1 << 20, 50, 256 << 20),
                1 << 20,
                READ_BYTES,
                ShareLimits.DEFAULT,
                128 << 10,
                founders),
            new Recovered(
                identity,
                new HardState(meta.term(), 0),
                snapshot,
                new Recovered.FileUse(0, logBytes),
                store,
                meta,
                List.of(),
                false,
                0),
            new SplittableRandom(1),
            this);
  }

  /** A member whose log begins behind a snapshot at index 10 of term 1. */
  static HandDriven inCluster() {
    return inCluster(THREE);
  }

  static HandDriven inCluster(Membership members) {
    return inCluster(members, 0);
  }

  static HandDriven inCluster(Membership members, long maxSizeBytes) {
    return new HandDriven(
        new Identity(CLUSTER, 1, 101), new SnapshotMeta(10, 1, members), List.of(), maxSizeBytes);
  }

  /** The same, with a file whose snapshot is older and has so much log behind it. */
  static HandDriven withLog(long logBytes) {
    return new HandDriven(
        new Identity(CLUSTER, 1, 101),
        new SnapshotMeta(10, 1, THREE),
        List.of(),
        0,
        new SnapshotMeta(5, 1, THREE),
        logBytes);
  }

  static HandDriven inNoCluster() {
    return new HandDriven(new Identity(0, 1, 101), SnapshotMeta.NONE, List.of(), 0);
  }

  /** Its cluster_members name nodes 1 to 3. */
  static HandDriven founder() {
    return new HandDriven(new Identity(0, 1, 101), SnapshotMeta.NONE, THREE.members(), 0);
  }

  /** Node 2 of the same list: node 1 founds the cluster. */
  static HandDriven listed() {
    return new HandDriven(new Identity(0, 2, 102), SnapshotMeta.NONE, THREE.members(), 0);
  }

  static Member member(int id) {
    return new Member(id, "node" + id, "10.0.0." + id, 7400, 7401, 100 + id, true);
  }

  /** Makes node 1 the leader of term 2, with its empty entry 11 held by node 2 as well. */
  HandDriven leading() {
    link(2);
    link(3);
    while (messages(2, Message.PreVoteRequest.class).isEmpty()) {
      turn(new ReplicaInput.Tick());
    }
    hear(2, new Message.PreVoteResponse(1, 2, Denial.NONE));
    sync();
    hear(2, new Message.VoteResponse(2, Denial.NONE, 101));
    sync();
    hear(2, accepted(11));
    return this;
  }

  /** Makes node 1 a follower of node 2 in term 2. */
  HandDriven following() {
    link(2);
    hear(2, new Message.Heartbeat(2, 10, 0, 1));
    sync();
    return this;
  }

  void link(int id) {
    link(id, CLUSTER);
  }

  void link(int id, long cluster) {
    turn(new ReplicaInput.LinkUp(new Identity(cluster, id, 100 + id), 1, HandshakeCodec.VERSION));
  }

  /** An answer of node 2 to whatever append of term 2 was sent last. */
  Message.AppendResponse accepted(long index) {
    return new Message.AppendResponse(2, sequence(2), true, index, 0, 0, index);
  }

  /** Node 3 holds nothing. */
  Message.AppendResponse refused() {
    List<Message.AppendRequest> requests = messages(3, Message.AppendRequest.class);
    Message.AppendRequest last = requests.get(requests.size() - 1);
    return new Message.AppendResponse(2, last.sequence(), false, last.prevIndex(), 0, 0, 0);
  }

  long sequence(int to) {
    List<Message.AppendRequest> requests = messages(to, Message.AppendRequest.class);
    return requests.get(requests.size() - 1).sequence();
  }

  void hear(int from, Message message) {
    turn(heard(from, message));
  }

  static ReplicaInput heard(int from, Message message) {
    return heard(new Identity(CLUSTER, from, 100 + from), message);
  }

  static ReplicaInput heard(Identity from, Message message) {
    return new ReplicaInput.FromPeer(from, new PeerMessage.Raft(message));
  }

  /** Steps all of them, and flushes once. */
  void turn(ReplicaInput... inputs) {
    for (ReplicaInput input : inputs) {
      replica.step(input);
    }
    replica.flush();
  }

  /** The disk does all that it was told. */
  void sync() {
    while (!tasks.isEmpty()) {
      turn(new ReplicaInput.DiskDone(tasks.remove().sequence()));
    }
  }

  /** The disk does what it was told, but for compactions, whose numbers it gives. */
  List<Long> syncAllButCompactions() {
    List<Long> compactions = new ArrayList<>();
    while (!tasks.isEmpty()) {
      DiskTask task = tasks.remove();
      if (task instanceof DiskTask.Compact) {
        compactions.add(task.sequence());
      } else {
        turn(new ReplicaInput.DiskDone(task.sequence()));
      }
    }
    return compactions;
  }

  long put(String key, String value, Origin origin) {
    return submit(
        new Request.Change(new StoreCommand.Put(origin, Bytes.utf8(key), Bytes.utf8(value))));
  }

  /** A client asks, and has a second of patience: {@link #PATIENCE} ticks. */
  long submit(Request request) {
    long token = ++tokens;
    turn(new ReplicaInput.Submit(token, request, 1000));
    return token;
  }

  /** What the client was told; null: nothing yet. */
  @Nullable Response answer(long token) {
    return answers.stream()
        .filter(each -> each.token() == token)
        .map(Answer::response)
        .findFirst()
        .orElse(null);
  }

  void ticks(int count) {
    for (int i = 0; i < count; i++) {
      turn(new ReplicaInput.Tick());
    }
  }

  /** Requests that were passed on to the node, as long as nobody took them out. */
  List<PeerMessage.Forward> forwards(int to) {
    return sent.stream()
        .filter(each -> each.to() == to && each.message() instanceof PeerMessage.Forward)
        .map(each -> (PeerMessage.Forward) each.message())
        .toList();
  }

  Replica replica() {
    return replica;
  }

  <T extends Message> List<T> messages(int to, Class<T> kind) {
    return sent.stream()
        .filter(each -> each.to() == to && each.message() instanceof PeerMessage.Raft)
        .map(each -> ((PeerMessage.Raft) each.message()).message())
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  @Override
  public void send(int to, PeerMessage message) {
    sent.add(new Sent(to, message));
  }

  @Override
  public void disk(DiskTask task) {
    tasks.add(task);
  }

  @Override
  public void reply(long token, Response response) {
    answers.add(new Answer(token, response));
  }

  @Override
  public void publish(ClusterView view) {}

  @Override
  public void note(Event event) {
    notes.add(event);
  }

  @Override
  public PathInfo path(int to) {
    return paths.getOrDefault(to, PathInfo.NOTHING);
  }
}
