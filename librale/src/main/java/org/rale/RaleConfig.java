package org.rale;

import java.nio.file.Path;
import java.util.List;
import org.rale.clusterdb.RewriteLimits;

/**
 * What a node must be told.
 *
 * @param nodeId 1 to 10,000
 * @param host the address that peers use, without brackets
 * @param priority 1 to 100: among nodes that are up to date the higher one tends to lead
 * @param dataDirectory where cluster.db lives; made when missing
 * @param maxSizeBytes of live data, 0: unlimited
 * @param maxValueBytes 1 to 1 MiB
 * @param rewrite when cluster.db is rewritten
 * @param electionTimeoutMinMs lower end of the election timeout
 * @param electionTimeoutMaxMs upper end
 * @param heartbeatIntervalMs how often a leader says that it lives
 * @param requestTimeoutMs how long a request may take whose client named no time
 * @param founders the members that found the cluster together at the first start, this node among
 *     them; empty: the cluster is founded by ADD
 */
public record RaleConfig(
    int nodeId,
    String nodeName,
    String host,
    int ralePort,
    int dstorePort,
    int priority,
    Path dataDirectory,
    long maxSizeBytes,
    int maxValueBytes,
    RewriteLimits rewrite,
    int electionTimeoutMinMs,
    int electionTimeoutMaxMs,
    int heartbeatIntervalMs,
    int requestTimeoutMs,
    List<Founder> founders) {
  public RaleConfig {
    founders = List.copyOf(founders);
  }

  /** A line of {@code cluster_members}. */
  public record Founder(int id, String name, String host, int ralePort, int dstorePort) {}
}
