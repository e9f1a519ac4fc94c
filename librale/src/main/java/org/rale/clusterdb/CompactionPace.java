package org.rale.clusterdb;

/**
 * How long the steps of a rewrite are: as much of what is left to write as batches have used up,
 * since the last step, of what is left for the tail. So neither ends before the other, however fast
 * writers are: they wait a little longer for the disk, and never stop.
 *
 * <p>The tail is what batches add to the old file meanwhile. It stands in both files in the end, so
 * a bound for it keeps the use of the disk below twice the live data and a constant.
 */
final class CompactionPace {
  /** What batches may add during a rewrite. */
  static final long TAIL_BYTES = 64 << 20;

  static final long STEP_BYTES = 1 << 20;

  /**
   * Some 100 ms of a slow disk, for which a batch waits at the most. With batches of half a MiB,
   * beyond which nothing is added to them, that is enough to keep the tail within its bound for
   * live data of 2 GiB; with more, a writer that never rests makes it a 32nd of the live data.
   */
  static final long LONGEST_STEP_BYTES = 16 << 20;

  private final long snapshotBytes;
  private long addedBytes;
  private long tailBytes;

  CompactionPace(long snapshotBytes) {
    this.snapshotBytes = snapshotBytes;
  }

  /** A batch went to the old file. */
  void batchWritten(long bytes) {
    addedBytes += bytes;
    tailBytes += bytes;
  }

  /**
   * How many bytes of the snapshot the next step is to write.
   *
   * @param written to the new file so far
   */
  long snapshotStep(long written) {
    long step = step(written);
    addedBytes = 0;
    return step;
  }

  /**
   * The same of the tail: twice what came at least, so that the copy catches up with any writer.
   */
  long tailStep(long written) {
    long step = Math.max(step(written), STEP_BYTES + 2 * addedBytes);
    addedBytes = 0;
    return step;
  }

  private long step(long written) {
    double left = Math.max(0, snapshotBytes + tailBytes - written);
    double room = Math.max(STEP_BYTES, TAIL_BYTES - tailBytes);
    return Math.min(LONGEST_STEP_BYTES, STEP_BYTES + (long) (addedBytes * left / room));
  }
}
