package org.rale.raled.net;

import java.util.function.LongSupplier;

/** The times of all links of a node. Those of keeping alive may change while links stand. */
final class LinkTiming {
  static final int HANDSHAKE_TIMEOUT_MS = 2_000;

  /** When a peer dials anew, the older link to it must show within this time that it lives. */
  static final int PROBE_TIMEOUT_MS = 1_000;

  /** When another process dials under a linked one's identity: the probe's time, and a little. */
  static final int TWIN_TIMEOUT_MS = PROBE_TIMEOUT_MS + 200;

  private final int handshakeTimeoutMs;
  private final LongSupplier nanoClock;
  private volatile KeepAlive keepAlive;

  private record KeepAlive(int intervalMs, int timeoutMs) {}

  /**
   * @param handshakeTimeoutMs within which the handshake must be over
   * @param keepAliveIntervalMs after this long without a word the peer is asked for one
   * @param keepAliveTimeoutMs after this long without a word the link is taken for dead
   * @param nanoClock monotonic
   */
  LinkTiming(
      int handshakeTimeoutMs,
      int keepAliveIntervalMs,
      int keepAliveTimeoutMs,
      LongSupplier nanoClock) {
    this.handshakeTimeoutMs = handshakeTimeoutMs;
    this.nanoClock = nanoClock;
    this.keepAlive = new KeepAlive(keepAliveIntervalMs, keepAliveTimeoutMs);
  }

  int handshakeTimeoutMs() {
    return handshakeTimeoutMs;
  }

  LongSupplier nanoClock() {
    return nanoClock;
  }

  int keepAliveTimeoutMs() {
    return keepAlive.timeoutMs();
  }

  /** How often to look. At least twice within the timeout, whatever the interval is. */
  long lookEveryMs() {
    KeepAlive now = keepAlive;
    return Math.max(1, Math.min(now.intervalMs(), now.timeoutMs() / 2));
  }

  /** Links go by the new times from their next look on. */
  void keepAlive(int intervalMs, int timeoutMs) {
    keepAlive = new KeepAlive(intervalMs, timeoutMs);
  }
}
