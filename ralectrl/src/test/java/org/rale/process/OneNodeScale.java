package org.rale.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.ClusterDbFile;

/** Of one node: starts, file, memory. */
final class OneNodeScale {
  private static final int PROBE_MS = 5;
  private static final int LONG_RUN = 5;
  private static final int CHUNK = 50_000;

  /** What cluster.db and the one beside it may take besides twice the live data. */
  private static final long DISK_CONSTANT = 384L << 20;

  private final Scale scale;

  OneNodeScale(Scale scale) {
    this.scale = scale;
  }

  void run() throws Exception {
    try (Daemon node = new Daemon(scale.home.resolve("one"), 1).asShipped()) {
      node.start();
      node.ask("ADD " + node.words(), Scale.PATIENCE);
      Scale.say("one node, empty: resident memory", "%d MB", node.residentMb());
      scale.fill("one node: filled in", node);
      Scale.say("one node, filled: resident memory", "%d MB", node.residentMb());
      file(node);
      for (int round = 1; round <= 2; round++) {
        restart(node);
        if (round == 1) {
          // The second start finds a file with a snapshot and a log behind it.
          overwrite(node);
          file(node);
        }
      }
      for (int seconds = 30; seconds <= 90; seconds += 30) {
        Thread.sleep(30_000);
        Scale.say(
            "one node, " + seconds + " s after its start", "%d MB resident", node.residentMb());
        scale.goal("MB resident " + seconds + " s after a start", (double) node.residentMb(), 700);
      }
      longRun(node);
      damaged(node);
    }
  }

  private void overwrite(Daemon node) throws IOException {
    long start = System.nanoTime();
    try (Client client = node.connect(Scale.PATIENCE)) {
      new Load(scale.valueBytes).put(client, 0, scale.keys);
      new Load(scale.valueBytes).put(client, 0, scale.keys / 2);
    }
    Scale.say("one node: half as many again written over in", "%.1f s", Scale.since(start));
    Scale.say("one node, written over: resident memory", "%d MB", node.residentMb());
  }

  /** How large the file gets while the whole table is written over again and again. */
  private void longRun(Daemon node) throws IOException {
    long largest = 0;
    long largestOfBoth = 0;
    try (Client client = node.connect(Scale.PATIENCE)) {
      for (int written = 0; written < LONG_RUN * scale.keys; written += CHUNK) {
        int from = written % scale.keys;
        new Load(scale.valueBytes).put(client, from, Math.min(from + CHUNK, scale.keys));
        long file = Files.size(node.clusterDb());
        Path next = node.clusterDb().resolveSibling("cluster.db.new");
        largest = Math.max(largest, file);
        largestOfBoth = Math.max(largestOfBoth, file + (Files.exists(next) ? size(next) : 0));
      }
    }
    long live = Long.parseLong(node.status(Scale.PATIENCE).get("live_bytes"));
    scale.goal("bytes of cluster.db and .new", (double) largestOfBoth, 2.0 * live + DISK_CONSTANT);
    Scale.say(
        "written over " + LONG_RUN + " times: largest cluster.db, with .new",
        "%.2f, %.2f of the live data",
        (double) largest / live,
        (double) largestOfBoth / live);
  }

  /** It may be renamed between two looks. */
  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  /** One bit in the middle of the file: the node must refuse it, and say where. */
  private void damaged(Daemon node) throws Exception {
    node.kill9();
    long place;
    try (RandomAccessFile file = new RandomAccessFile(node.clusterDb().toFile(), "rw")) {
      place = file.length() / 2;
      file.seek(place);
      int before = file.read();
      file.seek(place);
      file.write(before ^ 1);
    }
    long start = System.nanoTime();
    node.launch();
    int code = node.exitCode();
    if (code == 0 || !node.log().contains("at byte ")) {
      throw new AssertionError("exit code " + code + " with a flipped bit\n" + node.log());
    }
    Scale.say(
        "a bit flipped at byte " + place + ": refused after",
        "%.2f s, exit code %d",
        Scale.since(start),
        code);
  }

  private void file(Daemon node) throws IOException {
    long live = Long.parseLong(node.status(Scale.PATIENCE).get("live_bytes"));
    long file = Files.size(node.clusterDb());
    Scale.say(
        "cluster.db, and its ratio to the live data",
        "%d MB, %.2f of %d MB",
        file / 1_000_000,
        (double) file / live,
        live / 1_000_000);
  }

  /** Of a start, in this process: reading alone, and with all that is done before the table. */
  private static void parts(Daemon node) throws IOException, ClusterDbException {
    long start = System.nanoTime();
    try (FileChannel file = FileChannel.open(node.clusterDb())) {
      ByteBuffer scratch = ByteBuffer.allocateDirect(1 << 20);
      while (file.read(scratch.clear()) >= 0) {
        // Into memory is all that is asked for.
      }
    }
    double reading = Scale.since(start);
    start = System.nanoTime();
    try (ClusterDbFile file = ClusterDbFile.open(node.clusterDb())) {
      file.records(record -> {});
    }
    Scale.say(
        "its file read; with checksums, entries decoded",
        "%.2f s, %.2f s",
        reading,
        Scale.since(start));
  }

  private void restart(Daemon node) throws Exception {
    node.kill9();
    parts(node);
    long start = System.nanoTime();
    node.launch();
    serves(node, start);
    double seconds = Scale.since(start);
    Scale.say(
        "one node: serves after kill -9 and start after",
        "%.2f s, %d MB resident",
        seconds,
        node.residentMb());
    scale.goal("seconds until one node serves", seconds, 3);
    node.awaitReady();
  }

  /** Until a linearizable read of the last key is answered. */
  private void serves(Daemon node, long start) throws Exception {
    while (Scale.since(start) < Scale.PATIENCE.toSeconds()) {
      try {
        if (node.ask("GET " + Load.key(scale.keys - 1), Scale.PATIENCE).startsWith("OK: ")) {
          return;
        }
      } catch (IOException e) {
        // Nobody listens yet.
      }
      Thread.sleep(PROBE_MS);
    }
    throw new AssertionError("not ready in " + Scale.PATIENCE + "\n" + node.log());
  }
}
