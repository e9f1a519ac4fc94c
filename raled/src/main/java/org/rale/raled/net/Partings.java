package org.rale.raled.net;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.Level;

/**
 * Who can't have whom, and when that was said. Such a link is dialled again every second, and may
 * stand for a moment: that is no news each time. Belongs to home.
 */
final class Partings {
  private static final long RECENT_NANOS = 60_000_000_000L;

  /** Of the last {@link PeerLinks#MAX_KNOWN} nodes. */
  private final Map<Integer, Long> nanosByNode =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
          return size() > PeerLinks.MAX_KNOWN;
        }
      };

  /** What was said last of whom this node turned away, by the node. */
  private final Map<Integer, Said> saidByNode =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Said> eldest) {
          return size() > PeerLinks.MAX_KNOWN;
        }
      };

  private record Said(String reason, long nanos) {}

  /** At which level it is logged that this node turns the other one away. */
  Level levelOfRefusal(int nodeId, String reason, long nowNanos) {
    Said before = saidByNode.get(nodeId);
    if (before != null
        && before.reason().equals(reason)
        && nowNanos - before.nanos() < RECENT_NANOS) {
      return Level.DEBUG;
    }
    saidByNode.put(nodeId, new Said(reason, nowNanos));
    return Level.WARN;
  }

  void note(int nodeId, long nowNanos) {
    nanosByNode.put(nodeId, nowNanos);
  }

  /** At which level it is logged that a link to the node stands, or is gone. */
  Level levelOfNews(int nodeId, long nowNanos) {
    Long parted = nanosByNode.get(nodeId);
    return parted != null && nowNanos - parted < RECENT_NANOS ? Level.DEBUG : Level.INFO;
  }
}
