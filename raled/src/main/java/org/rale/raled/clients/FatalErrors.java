package org.rale.raled.clients;

/**
 * Hands errors that nobody may survive (S-18) to the thread's uncaught exception handler, as if
 * nobody had caught them: Netty itself logs what its tasks and handlers throw, and goes on.
 */
public final class FatalErrors {
  private FatalErrors() {}

  /**
   * The same work, whose failures end the process: own work never fails for a reason from outside.
   */
  public static Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        report(e);
      }
    };
  }

  /** What a handler caught: an exception is the connection's own trouble, an error everybody's. */
  public static void reportIfError(Throwable cause) {
    if (cause instanceof Error) {
      report(cause);
    }
  }

  /** Own code broke a rule of its own. */
  public static void report(Throwable cause) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
  }
}
