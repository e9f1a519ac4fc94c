package org.rale.raled;

import java.util.concurrent.locks.LockSupport;

/** An agent of the virtual machine that lets a thread of the daemon go wrong (S-18). */
public final class FaultAgent {
  private FaultAgent() {}

  /** Called before the daemon's main. */
  public static void premain(String fault) {
    Runnable runnable = fault.equals("uncaught") ? FaultAgent::throwOne : FaultAgent::swallow;
    Thread thread = new Thread(runnable, "faulty");
    thread.setDaemon(true);
    thread.start();
  }

  private static void throwOne() {
    while (Thread.getDefaultUncaughtExceptionHandler() == null) {
      LockSupport.parkNanos(1_000_000);
    }
    throw new AssertionError("broken invariant");
  }

  private static void swallow() {
    try {
      Object[] chain = {};
      while (chain != null) {
        chain = new Object[] {chain, new long[1 << 20]};
      }
    } catch (OutOfMemoryError e) {
      System.err.println("swallowed");
    }
  }
}
