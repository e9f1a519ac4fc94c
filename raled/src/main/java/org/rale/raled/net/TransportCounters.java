package org.rale.raled.net;

import java.util.concurrent.atomic.LongAdder;

/** What was dropped, and why. Any thread adds; {@link #snapshot} is for STATUS and the log. */
final class TransportCounters {
  final LongAdder noRoute = new LongAdder();
  final LongAdder linkQueueFull = new LongAdder();
  final LongAdder inboxFull = new LongAdder();
  final LongAdder datagramMalformed = new LongAdder();
  final LongAdder datagramForeign = new LongAdder();
  final LongAdder datagramReplayed = new LongAdder();
  final LongAdder linksRefused = new LongAdder();

  /**
   * All since the process started.
   *
   * @param noRoute messages to a node without a link
   * @param linkQueueFull messages to a node that takes them too slowly
   * @param inboxFull messages that this node had no room for
   * @param datagramMalformed datagrams that are none of ours or were damaged
   * @param datagramForeign datagrams of another cluster, for another node or by a refused sender
   * @param datagramReplayed datagrams seen before, or too old to tell
   * @param linksRefused handshakes that this node turned down
   */
  public record Snapshot(
      long noRoute,
      long linkQueueFull,
      long inboxFull,
      long datagramMalformed,
      long datagramForeign,
      long datagramReplayed,
      long linksRefused) {}

  Snapshot snapshot() {
    return new Snapshot(
        noRoute.sum(),
        linkQueueFull.sum(),
        inboxFull.sum(),
        datagramMalformed.sum(),
        datagramForeign.sum(),
        datagramReplayed.sum(),
        linksRefused.sum());
  }
}
