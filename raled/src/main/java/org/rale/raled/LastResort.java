package org.rale.raled;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when a thread dies of what nobody caught (S-18). A node that limps on without
 * its disk thread, or after an out-of-memory error in the middle of a change, is worse than one
 * that is gone: its peers can do without it, and a restart begins from what is on disk.
 */
final class LastResort implements Thread.UncaughtExceptionHandler {
  private final Runnable flushLogs;

  private LastResort(Runnable flushLogs) {
    this.flushLogs = flushLogs;
  }

  /**
   * For all threads from now on.
   *
   * @param flushLogs waits, for a bounded time, until what was logged is written
   */
  static void install(Runnable flushLogs) {
    Thread.setDefaultUncaughtExceptionHandler(new LastResort(flushLogs));
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    try {
      Logger log = LoggerFactory.getLogger(LastResort.class);
      log.error("thread {} failed: raled ends", thread.getName(), thrown);
      flushLogs.run();
    } finally {
      // Not exit: shutdown hooks could wait for the very thread that is gone.
      Runtime.getRuntime().halt(ExitCode.FAILED);
    }
  }
}
