package org.rale.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What reading an input may cost in memory: a multiple of what came in, never what a length field
 * announces (S-17). Time is bounded by the fuzzer, which takes a slow input for a finding.
 */
public final class Cost {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Cost() {}

  /** Something that reads an input, on this thread alone. */
  public interface Reading<T> {
    T read() throws Exception;
  }

  /**
   * Reads, and reads again where that took too much: the first time may load classes.
   *
   * @param inputBytes the length of what is read
   * @param fixedBytes what it may take however short the input is, such as a buffer
   */
  public static <T> T bounded(int inputBytes, long fixedBytes, Reading<T> reading)
      throws Exception {
    long most = fixedBytes + 256L * inputBytes;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      return reading.read();
    } finally {
      if (THREADS.getCurrentThreadAllocatedBytes() - before > most) {
        requireAtMost(most, inputBytes, reading);
      }
    }
  }

  private static void requireAtMost(long most, int inputBytes, Reading<?> reading) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean refused = false;
    try {
      reading.read();
    } catch (Exception e) {
      refused = true;
    }
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (taken > most) {
      throw new AssertionError(
          taken + " bytes taken for an input of " + inputBytes + (refused ? ", refused" : ""));
    }
  }
}
