package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.clusterdb.Samples.NODE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rale.clusterdb.VirtualStorage.PowerLoss;
import org.rale.clusterdb.VirtualStorage.Survival;
import org.rale.raft.Entry;
import org.rale.raft.HardState;

/**
 * A script is run again and again, and the power goes (or the disk fails) at its first operation,
 * then at its second, and so on to the last. Whatever is left, the next start finds what was
 * reported durable, or that and the one task that was under way.
 */
final class PowerLossTest {

  /** Tasks in order; what stands behind a Compact is performed between its steps. */
  private static final List<DiskTask> SCRIPT =
      List.of(
          Samples.vote(1, 0),
          Samples.join(),
          Samples.write(2, 20, 1),
          Samples.vote(2, 3),
          Samples.write(15, 30, 2),
          Samples.compact(10, 1, 9, 150_000),
          Samples.write(31, 40, 2),
          Samples.vote(3, 8),
          Samples.large(36, 20, 3, 60_000),
          Samples.write(50, 52, 4),
          Samples.large(53, 50, 4, 3_000),
          Samples.install(200, 5, 50, 25_000),
          Samples.write(201, 220, 5),
          Samples.compact(210, 5, 3, 3),
          Samples.write(221, 221, 5));

  /** Runs the script on one storage, and knows what may be found after a power loss. */
  private static final class Run {
    final VirtualStorage storage;
    final long seed;
    Contents reported;
    Contents underWay;
    DiskTask compact;
    ClusterDb db;

    Run(long seed) {
      this.seed = seed;
      this.storage = new VirtualStorage(new Random(seed));
    }

    /** As a node starts. What was reported before must be there. */
    Recovered open() throws IOException, ClusterDbException {
      ClusterDb.Opened opened = ClusterDb.open(storage, NODE, new Random(seed));
      Contents found = Contents.of(opened.recovered());
      if (reported != null) {
        assertThat(found).as("seed %d", seed).isIn(reported, underWay);
      }
      reported = found;
      underWay = found;
      compact = null;
      db = opened.db();
      return opened.recovered();
    }

    /** What one start found, the next one finds, whatever the power did in between. */
    void assertFoundStays() throws IOException, ClusterDbException {
      open();
      storage.powerLoss(Survival.NOTHING);
      open();
    }

    void run(List<DiskTask> script) throws IOException, ClusterDbException {
      for (DiskTask task : script) {
        if (task instanceof DiskTask.Compact || task instanceof DiskTask.Install) {
          finishCompaction();
        }
        perform(task);
        step();
      }
      finishCompaction();
      db.close();
    }

    private void perform(DiskTask task) throws IOException {
      if (task instanceof DiskTask.Compact) {
        compact = task;
        underWay = reported;
        db.perform(task);
      } else {
        underWay = reported.after(task);
        db.perform(task);
        reported = underWay;
      }
    }

    private void step() throws IOException, ClusterDbException {
      if (db.compacting()) {
        underWay = reported.after(compact);
        if (db.step()) {
          reported = underWay;
        }
      }
    }

    private void finishCompaction() throws IOException, ClusterDbException {
      while (db.compacting()) {
        step();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Survival.class)
  @DisplayName("S-04 S-05 power loss at every operation")
  void powerLossAtEveryOperation(Survival survival) throws Exception {
    int losses = 0;
    for (int round = 0; round < (survival == Survival.SOME ? 2 : 1); round++) {
      boolean lost = true;
      for (int n = 1; lost; n++) {
        Run run = new Run(1000L * round + n);
        lost = runUntilPowerLoss(run, n);
        run.storage.powerLoss(survival);
        run.open();
        run.storage.powerLoss(survival);
        assertThat(run.open().cutBytes()).as("cut once, cut for ever").isZero();
        losses++;
      }
    }
    assertThat(losses).as("operations of the script").isGreaterThan(80);
  }

  @Test
  @DisplayName("S-02 killed at every operation: what a start finds is durable before it is used")
  void S_02_whatAStartFindsStays() throws Exception {
    boolean lost = true;
    for (int n = 1; lost; n++) {
      Run run = new Run(n);
      lost = runUntilPowerLoss(run, n);
      run.storage.processDeath();
      run.assertFoundStays();
    }
  }

  @Test
  @DisplayName("S-03 a failed sync at every operation, and only the process is started again")
  void S_03_aFailedSyncIsNotBelievedAfterwards() throws Exception {
    boolean failed = true;
    for (int n = 1; failed; n++) {
      Run run = new Run(n);
      failed = runUntilError(run, n);
      run.storage.processDeath();
      run.assertFoundStays();
    }
  }

  @Test
  @DisplayName("S-03 EIO at every operation ends the file, and the next start finds all reported")
  void S_03_errorAtEveryOperation() throws Exception {
    for (Survival survival : Survival.values()) {
      boolean failed = true;
      for (int n = 1; failed; n++) {
        Run run = new Run(n);
        failed = runUntilError(run, n);
        run.storage.powerLoss(survival);
        run.open();
      }
    }
  }

  @Test
  @DisplayName("S-05 power loss during recovery, ten times")
  void S_05_powerLossDuringRecovery() throws Exception {
    int cuts = 0;
    int interrupted = 0;
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      Run run = new Run(seed);
      run.open();
      run.run(List.of(Samples.join(), Samples.write(2, 20, 1)));
      run.open();
      run.storage.losePowerAt(2);
      try {
        run.run(List.of(Samples.large(15, 20, 2, 3_000)));
      } catch (PowerLoss e) {
        // The sync of the batch: it is torn.
      }
      run.storage.powerLoss(Survival.SOME);
      for (int i = 0; i < 10; i++) {
        run.storage.losePowerAt(1 + random.nextInt(12));
        try {
          cuts += run.open().cutBytes() > 0 ? 1 : 0;
        } catch (PowerLoss e) {
          interrupted++;
        }
        run.storage.powerLoss(Survival.SOME);
      }
      cuts += run.open().cutBytes() > 0 ? 1 : 0;
    }
    assertThat(interrupted).isGreaterThan(500);
    assertThat(cuts).isGreaterThan(20);
  }

  @Test
  @DisplayName("power losses one after the other, with batches in between, each on a cut file")
  void powerLossAfterPowerLoss() throws Exception {
    int cuts = 0;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      Run run = new Run(seed);
      run.open();
      for (int round = 0; round < 30; round++) {
        run.storage.losePowerAt(1 + random.nextInt(25));
        try {
          run.run(anyTasks(random, run.reported));
        } catch (PowerLoss e) {
          // What this test is about.
        }
        run.storage.powerLoss(Survival.SOME);
        cuts += run.open().cutBytes() > 0 ? 1 : 0;
      }
    }
    assertThat(cuts).isGreaterThan(200);
  }

  /** Tasks that fit the contents, small and large. */
  private static List<DiskTask> anyTasks(Random random, Contents contents) {
    List<DiskTask> tasks = new ArrayList<>();
    Contents now = contents;
    for (int i = 0; i < 8; i++) {
      long low = now.commit() + 1;
      long from = now.last() + 1 - random.nextInt((int) Math.min(4, now.last() + 2 - low));
      long term = now.hardState().term() + 1;
      DiskTask task =
          switch (random.nextInt(7)) {
            case 0 -> Samples.vote(term, random.nextInt(3));
            case 1 -> Samples.large(from, 1 + random.nextInt(30), term, random.nextInt(9_000));
            case 2 -> {
              long index = low - 1 + random.nextInt((int) (now.last() - low + 2));
              long at = Math.max(index, 1);
              yield at > now.last() || now.identity().clusterId() == 0
                  ? Samples.vote(term, 1)
                  : Samples.compact(at, Math.max(1, termAt(now, at)), 9, random.nextInt(30_000));
            }
            default -> {
              long to = from + random.nextInt(9);
              long commit = now.commit() + random.nextInt((int) (to - now.commit()) + 1);
              yield new DiskTask.Write(
                  0, new Batch(new HardState(term, 1), Samples.entries(from, to, term), commit));
            }
          };
      if (now.identity().clusterId() == 0 && now.last() == 0) {
        task = new DiskTask.Join(0, 5, new Batch(null, Samples.entries(1, 3, 1), 0));
      }
      now = now.after(task);
      tasks.add(task);
    }
    return tasks;
  }

  private static long termAt(Contents contents, long index) {
    return contents.entries().stream()
        .filter(entry -> entry.index() == index)
        .mapToLong(Entry::term)
        .findFirst()
        .orElse(contents.snapshot().term());
  }

  /** False when the script came to its end before. */
  private static boolean runUntilError(Run run, long n) throws Exception {
    run.storage.failAt(n);
    try {
      run.open();
      run.run(SCRIPT);
      return false;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("Input/output error");
      return true;
    }
  }

  /** False when the script came to its end before. */
  private static boolean runUntilPowerLoss(Run run, long n) throws Exception {
    run.storage.losePowerAt(n);
    try {
      run.open();
      run.run(SCRIPT);
      return false;
    } catch (PowerLoss e) {
      return true;
    }
  }
}
