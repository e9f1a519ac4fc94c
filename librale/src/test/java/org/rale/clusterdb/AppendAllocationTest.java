package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts what an append allocates: it is the same on every machine, unlike its time. */
class AppendAllocationTest {
  private static final int ENTRIES = 2_000;
  private static final int APPENDS = 8;
  private static final int BYTES = 256;

  @TempDir private Path directory;

  /**
   * Its place in the file takes eight bytes, in an array that grows by half: of several appends at
   * least one grows nothing, and the smallest object that there is has sixteen bytes.
   */
  @Test
  @DisplayName("appending an entry allocates nothing for the entry")
  void nothingPerEntry() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (FileStorage storage = FileStorage.open(directory);
        ClusterDb db = ClusterDb.open(storage, Samples.NODE, new Random(1)).db()) {
      db.perform(Samples.join());
      long least = Long.MAX_VALUE;
      for (int i = 0; i < APPENDS; i++) {
        DiskTask.Write write = Samples.large(2 + i * ENTRIES, ENTRIES, 1, BYTES);
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        db.perform(write);
        long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        least = Math.min(least, after - before);
      }
      assertThat(least).isLessThan(ENTRIES);
    }
  }
}
