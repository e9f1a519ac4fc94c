package org.rale.raled;

import org.rale.raft.Rehearsal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does for itself in the first seconds after it is ready, on a thread of its own. Not
 * at once: the first election, and other nodes that start beside this one, need the processors.
 */
final class Settling {
  private static final Logger log = LoggerFactory.getLogger(Settling.class);

  private static final long REHEARSE_AFTER_MS = 2_000;
  private static final long CLEAR_UP_AFTER_MS = 5_000;

  /** Reading a shorter file leaves little behind. */
  private static final long LONG_FILE_BYTES = 64L << 20;

  private Settling() {}

  /**
   * @param fileBytes how long the file was that the start has read
   */
  static void begin(long fileBytes) {
    Thread thread = new Thread(() -> run(fileBytes), "rale-settling");
    thread.setDaemon(true);
    thread.start();
  }

  private static void run(long fileBytes) {
    try {
      Thread.sleep(REHEARSE_AFTER_MS);
      rehearse();
      if (fileBytes >= LONG_FILE_BYTES) {
        Thread.sleep(CLEAR_UP_AFTER_MS - REHEARSE_AFTER_MS);
        clearUp();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** So that the next election is not the first thing of its kind in this process. */
  private static void rehearse() {
    long begin = System.nanoTime();
    try {
      Rehearsal.run(Rehearsal.ROUNDS);
    } catch (RuntimeException e) {
      // It says nothing of this node, which goes on: only its first election may be slower.
      log.warn("the rehearsal of elections failed; please report it", e);
      return;
    }
    log.debug("rehearsed elections for {} ms", (System.nanoTime() - begin) / 1_000_000);
  }

  /**
   * What reading a long file left behind goes soon, and not when the collector comes to it: a third
   * of the memory of a node with a large table. Later than at once, since what was just read can't
   * be told yet from what stays. The launcher makes this a collection that goes on beside the node;
   * it keeps whoever calls for it waiting.
   */
  private static void clearUp() {
    System.gc();
  }
}
