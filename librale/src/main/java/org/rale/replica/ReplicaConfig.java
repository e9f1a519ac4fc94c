package org.rale.replica;

import java.util.List;
import org.rale.clusterdb.RewriteLimits;
import org.rale.raft.Member;
import org.rale.raft.RaftSettings;

/**
 * What a node is told from outside.
 *
 * @param self this node as a member, with the incarnation of its cluster.db once it is open
 * @param tickMs how long a tick is
 * @param maxSizeBytes of live data, 0: unlimited
 * @param maxOperations how many requests may be under way at once (S-16)
 * @param maxOperationBytes what they may take in memory. Less than a leader lets wait for a
 *     majority: so a flood of long values is stopped before that, and short ones find room there
 * @param rewrite when cluster.db is rewritten
 * @param applyBytesATurn about how many bytes of entries one turn applies; the next one goes on
 * @param readBytesATurn the answers to reads that one turn gives, in bytes; the next one goes on
 * @param share who begins how much while others ask for little
 * @param pieceBytes how long the pieces of a snapshot for another node are
 * @param founders who founds the cluster together at the first start, this node among them; empty:
 *     an ADD founds it
 */
public record ReplicaConfig(
    Member self,
    RaftSettings raft,
    int tickMs,
    long maxSizeBytes,
    int maxOperations,
    long maxOperationBytes,
    RewriteLimits rewrite,
    long applyBytesATurn,
    long readBytesATurn,
    ShareLimits share,
    int pieceBytes,
    List<Member> founders) {
  public ReplicaConfig {
    founders = List.copyOf(founders);
  }

  int nodeId() {
    return self.id();
  }

  /** Rounded up: a deadline is never early. */
  long ticks(long ms) {
    return Math.max(1, (ms + tickMs - 1) / tickMs);
  }
}
