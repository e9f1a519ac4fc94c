package org.rale.raled.net;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was dropped, and why. Any thread adds; {@link #snapshot} is for the log. */
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
      long linksRefused) {
    /** What was dropped at all, for people. */
    String words() {
      String dropped =
          Stream.of(
                  said(noRoute, "messages to nodes without a link"),
                  said(linkQueueFull, "messages to nodes that take them too slowly"),
                  said(inboxFull, "messages for which there was no room here"),
                  said(datagramMalformed, "malformed datagrams"),
                  said(datagramForeign, "datagrams of others"),
                  said(datagramReplayed, "datagrams that came twice or too late"),
                  said(linksRefused, "handshakes"))
              .flatMap(Optional::stream)
              .collect(Collectors.joining(", "));
      return dropped.isEmpty() ? "nothing dropped" : "dropped since the start: " + dropped;
    }

    private static Optional<String> said(long count, String what) {
      return count == 0 ? Optional.empty() : Optional.of(what + " " + count);
    }
  }

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
