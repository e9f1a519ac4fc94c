package org.rale.raled.clients;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the connections of one port against max_connections. */
public final class ConnectionGate {
  /**
   * Connections above the bound that are looked at all the same: they may be links of nodes, and
   * are told why where they are not. Beyond them a connection is closed without a word.
   */
  static final int MAX_WAITING = 128;

  public enum Verdict {
    /** Within the bound. */
    WELCOME,
    /** Above it: for telling why, no more. */
    FULL,
    /** Far above it. */
    AWAY
  }

  private final int max;
  private final AtomicInteger open = new AtomicInteger();

  public ConnectionGate(int max) {
    this.max = max;
  }

  public int max() {
    return max;
  }

  /** Each call, whatever comes of it, is followed by one of {@link #leave}. */
  public Verdict enter() {
    int now = open.incrementAndGet();
    if (now <= max) {
      return Verdict.WELCOME;
    }
    return now <= max + MAX_WAITING ? Verdict.FULL : Verdict.AWAY;
  }

  public void leave() {
    open.decrementAndGet();
  }

  public int open() {
    return open.get();
  }
}
