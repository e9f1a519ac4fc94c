package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.Batch;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.FileStorage;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Payload;

/** A node whose file takes a while to be read. */
@Timeout(120)
class LongStartIT {
  private static final int ENTRIES = 400;
  private static final int VALUE_BYTES = 1 << 20;
  private static final int STARTS = 10;

  @TempDir private Path home;

  /** A log that writes one long value over and over: much to read, and little to keep. */
  private static void write(Path data) throws Exception {
    try (FileStorage storage = FileStorage.open(data);
        ClusterDb db = ClusterDb.open(storage, 1, new Random(1)).db()) {
      db.perform(new DiskTask.Write(0, new Batch(new HardState(1, 0), List.of(), 0)));
      byte[] value = new byte[VALUE_BYTES];
      for (int index = 1; index <= ENTRIES; index++) {
        StoreCommand put =
            new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), Bytes.wrap(value.clone()));
        Entry entry = new Entry(index, 1, new Payload.Command(StoreCodec.encode(put)));
        db.perform(new DiskTask.Write(index, new Batch(null, List.of(entry), index - 1)));
      }
    }
  }

  @Test
  @DisplayName("STATUS says how far the start is, and other requests are refused with the reason")
  void statusAnswersDuringTheStart() throws Exception {
    try (Daemon node = new Daemon(home, 1)) {
      write(node.heap(256).data());
      node.launch();
      Map<String, String> first = firstStatus(node);
      assertThat(first).containsEntry("state", "starting").containsEntry("cluster_size", "-1");
      assertThat(Long.parseLong(first.get("file_bytes"))).isGreaterThanOrEqualTo(0);
      assertThat(duringTheStart(node, "GET k LOCAL")).startsWith("ERROR: node 1 is starting");
      node.awaitReady();
      assertThat(node.status()).containsEntry("last_applied", "" + (ENTRIES - 1));
      assertThat(node.log()).contains("cluster.db is of no cluster yet");
    }
  }

  /**
   * The answer to a request between two answers to STATUS that both say that the node starts. Where
   * the start was over too soon for it there is another one.
   */
  private static String duringTheStart(Daemon node, String request) throws Exception {
    for (int i = 0; i < STARTS; i++) {
      String answer = node.ask(request);
      if (node.says("state", "starting")) {
        return answer;
      }
      node.awaitReady().kill9();
      node.launch();
      firstStatus(node);
    }
    throw new AssertionError("over too soon each time, in " + STARTS + " starts");
  }

  private static Map<String, String> firstStatus(Daemon node) throws InterruptedException {
    while (true) {
      try {
        return node.status();
      } catch (IOException e) {
        // Its port is not there yet: it comes before the file is read.
        Thread.onSpinWait();
      }
    }
  }
}
