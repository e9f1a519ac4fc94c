package org.rale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.FileStorage;
import org.rale.clusterdb.RewriteLimits;
import org.rale.clusterdb.Storage;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.replica.ClusterView;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.PeerMessage;

/** The node around its rules: what becomes of those who wait when something below it breaks. */
final class EngineTest {
  private static final Request ADD_SELF = new Request.Add(1, "node1", "127.0.0.1", 7401, 7501);

  @TempDir Path directory;

  private final List<Response> replies = new ArrayList<>();

  private RaleConfig config() {
    return new RaleConfig(
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
  }

  private Engine engine(Storage storage) throws Exception {
    ClusterDb.Opened opened = ClusterDb.open(storage, 1, new SplittableRandom(1));
    Engine engine =
        new Engine(Settings.of(config()), opened, new SplittableRandom(2), new NoNetwork());
    engine.start();
    return engine;
  }

  @Test
  void a_client_whose_reply_fails_costs_nobody_else_anything() throws Exception {
    try (FileStorage storage = FileStorage.open(directory)) {
      Engine engine = engine(storage);
      engine.submit(
          new Request.Ping(),
          1000,
          reply -> {
            throw new IllegalArgumentException("a program's own mistake");
          });
      engine.submit(new Request.Ping(), 1000, replies::add);

      assertThat(engine.turn()).isTrue();

      assertThat(replies).containsExactly(new Response.Pong());
      assertThat(engine.stop(20_000)).isTrue();
    }
  }

  @Test
  @DisplayName("S-16 reads that a turn left are answered by the next ones, which wait for no input")
  void reads_that_were_left() throws Exception {
    try (FileStorage storage = FileStorage.open(directory)) {
      Engine engine = engine(storage);
      turnsUntilReplies(engine, 1, ADD_SELF);
      turnsUntilReplies(engine, 2_001, puts(2_000));
      Request[] keys = new Request[40];
      Arrays.fill(keys, new Request.Keys(Bytes.EMPTY, 10_000));
      turnsUntilReplies(engine, 2_002, keys);
      while (replies.size() < 2_041) {
        int before = replies.size();
        assertThat(engine.turn()).isTrue();
        // Each says two million bytes.
        assertThat(replies.size() - before).isBetween(0, 3);
      }
      assertThat(engine.stop(20_000)).isTrue();
    }
  }

  private static Request[] puts(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Bytes.utf8(String.format(Locale.ROOT, "%01000d", i)))
        .map(key -> new Request.Change(new StoreCommand.Put(Origin.NONE, key, Bytes.EMPTY)))
        .toArray(Request[]::new);
  }

  private void turnsUntilReplies(Engine engine, int count, Request... requests) throws Exception {
    for (Request request : requests) {
      engine.submit(request, 20_000, replies::add);
    }
    while (replies.size() < count) {
      if (!engine.turn()) {
        engine.await();
      }
    }
  }

  @Test
  @DisplayName(
      "S-15 those who wait when the node stops on a hung disk are told that they can't know")
  void hung_disk() throws Exception {
    try (FileStorage files = FileStorage.open(directory)) {
      HangingStorage storage = new HangingStorage(files);
      Engine engine = engine(storage);
      storage.hangs.set(true);
      engine.submit(ADD_SELF, 1000, replies::add);
      engine.turn();
      storage.hanging.await();

      // The file is not free for anybody else: the disk thread may still write to it.
      assertThat(engine.stop(1)).isFalse();

      assertUnknownOutcome();
      storage.goOn.countDown();
      assertThat(engine.stop(20_000)).isTrue();
    }
  }

  @Test
  void finit_of_a_node_that_fails_meanwhile_answers_and_frees_its_directory() throws Exception {
    NoNetwork network = new NoNetwork();
    Rale node = Rale.init(config(), network);
    node.submit(ADD_SELF, 1000, replies::add);
    network.broken.set(true);

    assertThatThrownBy(node::finit).isInstanceOf(IllegalStateException.class);

    assertUnknownOutcome();
    Rale.init(config(), new NoNetwork()).close();
  }

  private void assertUnknownOutcome() {
    assertThat(replies)
        .singleElement()
        .extracting(reply -> ((Response.Failed) reply).code())
        .isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
  }

  /** Nobody is there. */
  private static final class NoNetwork implements Transport {
    final AtomicBoolean broken = new AtomicBoolean();

    @Override
    public void start(PeerEvents events, ClusterView view) {}

    @Override
    public void publish(ClusterView view) {}

    @Override
    public void send(int nodeId, PeerMessage message) {}

    @Override
    public void flush() {
      if (broken.get()) {
        throw new IllegalStateException("the network code is broken");
      }
    }

    @Override
    public void close() {}
  }
}
