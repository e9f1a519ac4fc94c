package org.rale;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.FileStorage;
import org.rale.clusterdb.RewriteLimits;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.replica.ClusterView;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/**
 * Node 1 of three under hundreds of clients that send long values without waiting for answers,
 * while its disk hangs. Nodes 2 and 3 are the test.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FloodTest {
  private static final Identity TWO = new Identity(0xc1, 2, 102);
  private static final int CLIENTS = 400;
  private static final int PIPELINED = 4;
  private static final int THREADS = 4;
  private static final int TIMEOUT_MS = 1_000;
  private static final Bytes VALUE = Bytes.wrap(new byte[1 << 20]);

  @TempDir Path directory;

  private final ConcurrentLinkedQueue<ErrorCode> refusals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger submitted = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final Lines lines = new Lines();
  private HangingStorage storage;
  private Engine engine;

  private static Member member(int id, long incarnation) {
    return new Member(id, "node" + id, "127.0.0.1", 7400 + id, 7500 + id, incarnation, true);
  }

  @BeforeEach
  void followNodeTwo() throws Exception {
    storage = new HangingStorage(FileStorage.open(directory));
    RaleConfig config =
        new RaleConfig(
            1,
            "node1",
            "127.0.0.1",
            7401,
            7501,
            1,
            directory,
            0,
            1 << 20,
            RewriteLimits.DEFAULT,
            150,
            300,
            50,
            5000,
            List.of());
    ClusterDb.Opened opened = ClusterDb.open(storage, 1, new SplittableRandom(1));
    engine = new Engine(Settings.of(config), opened, new SplittableRandom(2), lines);
    engine.start();
    engine.linkUp(TWO, 1, 2);
    long own = opened.recovered().identity().incarnation();
    Membership three = new Membership(List.of(member(1, own), member(2, 102), member(3, 103)));
    Entry members = new Entry(1, 1, new Payload.Members(three));
    hear(new Message.AppendRequest(1, 1, 0, 0, 0, List.of(members)));
    while (lines.sent(Message.AppendResponse.class).isEmpty()) {
      turn();
    }
    storage.hangs.set(true);
    Entry next = new Entry(2, 1, new Payload.Empty());
    hear(new Message.AppendRequest(1, 2, 1, 1, 0, List.of(next)));
    engine.turn();
    storage.hanging.await();
  }

  @AfterEach
  void end() throws Exception {
    storage.goOn.countDown();
    assertThat(engine.stop(20_000)).isTrue();
    storage.close();
  }

  private void hear(Message message) {
    assertThat(engine.received(TWO, new PeerMessage.Raft(message))).isTrue();
  }

  private void turn() throws InterruptedException {
    if (!engine.turn()) {
      engine.await();
    }
  }

  private void answered(Response response) {
    answered.incrementAndGet();
    if (response instanceof Response.Failed failed) {
      refusals.add(failed.code());
    }
  }

  private void put(Bytes value) {
    Request request = new Request.Change(new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), value));
    submitted.incrementAndGet();
    engine.submit(request, TIMEOUT_MS, this::answered);
  }

  private List<Thread> flood() {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int request = 0; request < CLIENTS * PIPELINED / THREADS; request++) {
                  put(VALUE);
                }
              });
      thread.start();
      threads.add(thread);
    }
    return threads;
  }

  private long waitingBytes() {
    return (long) (submitted.get() - answered.get()) << 20;
  }

  @Test
  @DisplayName("S-16 what nobody has stepped yet is bounded, and messages of nodes find room")
  void before_the_turn() throws Exception {
    for (Thread thread : flood()) {
      thread.join();
    }
    assertThat(submitted).hasValue(CLIENTS * PIPELINED);
    assertThat(waitingBytes()).isLessThanOrEqualTo(MemoryShare.bytes());
    assertThat(refusals).containsOnly(ErrorCode.OVERLOADED).hasSizeGreaterThan(1_000);

    lines.sent.clear();
    hear(new Message.Heartbeat(1, 0, 7, 1));
    engine.turn();
    assertThat(lines.sent(Message.HeartbeatResponse.class))
        .containsExactly(new Message.HeartbeatResponse(1, 7, -1));
  }

  @Test
  @DisplayName("S-16 a flood with a hung disk: bounded bytes, OVERLOADED, and heartbeats answered")
  void under_a_leader() throws Exception {
    List<Thread> threads = flood();
    long round = 0;
    while (threads.stream().anyMatch(Thread::isAlive) || answered.get() < submitted.get()) {
      lines.sent.clear();
      hear(new Message.Heartbeat(1, 0, ++round, 1));
      turn();
      assertThat(lines.sent(Message.HeartbeatResponse.class))
          .contains(new Message.HeartbeatResponse(1, round, -1));
      // The inbox at most while the threads run, and what is under way.
      assertThat(waitingBytes()).isLessThan(2 * MemoryShare.bytes());
    }

    assertThat(lines.sent(Message.PreVoteRequest.class)).isEmpty();
    assertThat(refusals)
        .contains(ErrorCode.OVERLOADED)
        .containsOnly(ErrorCode.OVERLOADED, ErrorCode.TIMEOUT, ErrorCode.UNKNOWN_OUTCOME);
    assertThat(answered).hasValue(CLIENTS * PIPELINED);
  }

  @Test
  @DisplayName("S-16 a flood without a leader: bounded bytes, an answer to each, and an election")
  void without_a_leader() throws Exception {
    while (engine.ask(replica -> replica.raftStatus().leaderId()) >= 0) {
      turn();
    }
    List<Thread> threads = flood();
    while (threads.stream().anyMatch(Thread::isAlive) || answered.get() < submitted.get()) {
      turn();
      assertThat(waitingBytes()).isLessThan(2 * MemoryShare.bytes());
    }

    assertThat(lines.sent(Message.PreVoteRequest.class)).isNotEmpty();
    assertThat(refusals).containsOnly(ErrorCode.OVERLOADED, ErrorCode.NO_LEADER);
    assertThat(refusals).contains(ErrorCode.NO_LEADER);
    assertThat(answered).hasValue(CLIENTS * PIPELINED);
    put(Bytes.utf8("small"));
    engine.turn();
    assertThat(waitingBytes()).isEqualTo(1 << 20);
  }

  /** Keeps what was sent. */
  private static final class Lines implements Transport {
    private record Sent(int to, PeerMessage message) {}

    final List<Sent> sent = new ArrayList<>();

    <T extends Message> List<T> sent(Class<T> kind) {
      return sent.stream()
          .map(Sent::message)
          .filter(PeerMessage.Raft.class::isInstance)
          .map(message -> ((PeerMessage.Raft) message).message())
          .filter(kind::isInstance)
          .map(kind::cast)
          .toList();
    }

    @Override
    public void start(PeerEvents events, ClusterView view) {}

    @Override
    public void publish(ClusterView view) {}

    @Override
    public void send(int nodeId, PeerMessage message) {
      sent.add(new Sent(nodeId, message));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
