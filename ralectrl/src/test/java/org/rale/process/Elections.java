package org.rale.process;

import java.io.IOException;
import java.util.regex.Pattern;

/**
 * What tells of elections in a cluster.
 *
 * @param terms the highest term that a node knows
 * @param leaders how often a node has said in its log that it leads
 * @param alarms how often one has said that it hears no leader, and has asked the others; they say
 *     no while they hear one
 */
record Elections(long terms, long leaders, long alarms) {
  private static final Pattern ELECTED = Pattern.compile(" leads term (\\d+) from index ");
  private static final Pattern ALARM =
      Pattern.compile("(?:no leader|, not) heard for (\\d+) ms[^;]*; asking ");

  /** So far, of a cluster whose nodes all run. */
  static Elections of(Cluster cluster) throws IOException {
    long term = 0;
    long leaders = 0;
    long alarms = 0;
    for (Daemon node : cluster.nodes) {
      term = Math.max(term, Long.parseLong(node.status().get("term")));
      leaders += leadershipsOf(node);
      alarms += ALARM.matcher(node.log()).results().count();
    }
    return new Elections(term, leaders, alarms);
  }

  /** How often this node has said in its log that it leads; it need not run. */
  static long leadershipsOf(Daemon node) {
    return ELECTED.matcher(node.log()).results().count();
  }

  Elections since(Elections earlier) {
    return new Elections(terms - earlier.terms, leaders - earlier.leaders, alarms - earlier.alarms);
  }

  boolean none() {
    return terms == 0 && leaders == 0;
  }
}
