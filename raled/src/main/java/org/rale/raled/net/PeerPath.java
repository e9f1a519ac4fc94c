package org.rale.raled.net;

import org.rale.request.PathInfo;

/**
 * The ways to one node at this moment, for the log.
 *
 * @param datagrams whether UDP works in both directions, as far as messages have shown lately
 * @param link which one is in use: "dialled" by this node, "accepted" from the other, or "none"
 * @param queuedBytes what waits on the link in use
 * @param measured of the way that election and heartbeat messages take
 */
public record PeerPath(
    int nodeId, boolean datagrams, String link, long queuedBytes, PathInfo measured) {
  /** For people. */
  String words() {
    String ways =
        link.equals("none") ? "no link" : "link " + link + ", " + queuedBytes + " bytes wait on it";
    String passing = datagrams ? "datagrams pass" + figures() : "no datagrams";
    return "node " + nodeId + ": " + ways + ", " + passing;
  }

  private String figures() {
    if (measured.rttMicros() == PathInfo.UNKNOWN) {
      return "";
    }
    return " (round trip "
        + PathInfo.thousandths(measured.rttMicros())
        + " ms, +- "
        + PathInfo.thousandths(measured.rttDeviationMicros())
        + ")";
  }
}
