package org.rale.raled.net;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.Level;

/**
 * Who said why it can't have this node, and when. Such a link stands for a moment and is dialled
 * again every second: that is no news each time. Belongs to home.
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

  void note(int nodeId, long nowNanos) {
    nanosByNode.put(nodeId, nowNanos);
  }

  /** At which level it is logged that a link to the node stands, or is gone. */
  Level levelOfNews(int nodeId, long nowNanos) {
    Long parted = nanosByNode.get(nodeId);
    return parted != null && nowNanos - parted < RECENT_NANOS ? Level.DEBUG : Level.INFO;
  }
}
