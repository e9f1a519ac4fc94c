package org.rale.raled.net;

/**
 * The ways to one node at this moment, for the log.
 *
 * @param datagrams whether UDP works in both directions, as far as messages have shown lately
 * @param link which one is in use: "dialled" by this node, "accepted" from the other, or "none"
 * @param queuedBytes what waits on the link in use
 */
public record PeerPath(int nodeId, boolean datagrams, String link, long queuedBytes) {
  /** For people. */
  String words() {
    String ways =
        link.equals("none") ? "no link" : "link " + link + ", " + queuedBytes + " bytes wait on it";
    return "node " + nodeId + ": " + ways + ", " + (datagrams ? "datagrams pass" : "no datagrams");
  }
}
