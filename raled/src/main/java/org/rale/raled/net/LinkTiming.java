package org.rale.raled.net;

import java.util.function.LongSupplier;

/**
 * The times of a link.
 *
 * @param handshakeTimeoutMs within which the handshake must be over
 * @param keepAliveIntervalMs after this long without a word the peer is asked for one
 * @param keepAliveTimeoutMs after this long without a word the link is taken for dead
 * @param nanoClock monotonic
 */
record LinkTiming(
    int handshakeTimeoutMs,
    int keepAliveIntervalMs,
    int keepAliveTimeoutMs,
    LongSupplier nanoClock) {
  static final int HANDSHAKE_TIMEOUT_MS = 2_000;

  /** When a peer dials anew, the older link to it must show within this time that it lives. */
  static final int PROBE_TIMEOUT_MS = 1_000;

  /** How often to look. At least twice within the timeout, whatever the interval is. */
  long lookEveryMs() {
    return Math.max(1, Math.min(keepAliveIntervalMs, keepAliveTimeoutMs / 2));
  }
}
