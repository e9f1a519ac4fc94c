package org.rale.process;

import java.io.IOException;
import java.util.regex.Pattern;

/**
 * What tells of elections in a cluster.
 *
 * @param terms the highest term that a node knows
 * @param leaders how often a node has said in its log that it leads
 */
record Elections(long terms, long leaders) {
  private static final Pattern ELECTED = Pattern.compile(" leads term (\\d+) from index ");

  /** So far, of a cluster whose nodes all run. */
  static Elections of(Cluster cluster) throws IOException {
    long term = 0;
    long leaders = 0;
    for (Daemon node : cluster.nodes) {
      term = Math.max(term, Long.parseLong(node.status().get("term")));
      leaders += ELECTED.matcher(node.log()).results().count();
    }
    return new Elections(term, leaders);
  }

  Elections since(Elections earlier) {
    return new Elections(terms - earlier.terms, leaders - earlier.leaders);
  }

  boolean none() {
    return terms == 0 && leaders == 0;
  }
}
