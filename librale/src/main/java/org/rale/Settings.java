package org.rale;

import java.util.List;
import org.rale.dstore.StoreLimits;
import org.rale.raft.Member;
import org.rale.raft.RaftSettings;
import org.rale.replica.ReplicaConfig;
import org.rale.replica.ShareLimits;

/** What follows from a {@link RaleConfig}: milliseconds become ticks. */
record Settings(int tickMs, int gapTicks, ReplicaConfig replica) {
  /**
   * Requests of clients that one node has under way at once (S-16). Not more than the table
   * remembers of one client, for this node may have to send them all again.
   */
  private static final int MAX_OPERATIONS = StoreLimits.MAX_SESSION_OUTCOMES;

  /** Some 3,000 short changes: ten milliseconds or so. */
  private static final long APPLY_BYTES_A_TURN = 1L << 20;

  /** With four under way, half a megabyte: a millisecond or two of a fast network. */
  private static final int PIECE_BYTES = 128 << 10;

  /** Some 60,000 keys, listed in a few milliseconds; short values by the thousand. */
  private static final long READ_BYTES_A_TURN = 4L << 20;

  static Settings of(RaleConfig config) {
    // Five ticks a heartbeat: fine enough for timeouts, coarse enough to cost nothing.
    int tickMs = Math.max(1, config.heartbeatIntervalMs() / 5);
    int minTicks = Math.max(2, config.electionTimeoutMinMs() / tickMs);
    int maxTicks = Math.max(minTicks + 1, config.electionTimeoutMaxMs() / tickMs);
    int heartbeatTicks = Math.min(minTicks - 1, Math.max(1, config.heartbeatIntervalMs() / tickMs));
    long share = MemoryShare.bytes();
    RaftSettings raft =
        RaftSettings.of(
                tickMs, config.nodeId(), config.priority(), minTicks, maxTicks, heartbeatTicks)
            .withMemory(share, share / 2);
    Member self =
        new Member(
            config.nodeId(),
            config.nodeName(),
            config.host(),
            config.ralePort(),
            config.dstorePort(),
            0,
            true);
    List<Member> founders =
        config.founders().stream()
            .map(
                node ->
                    new Member(
                        node.id(),
                        node.name(),
                        node.host(),
                        node.ralePort(),
                        node.dstorePort(),
                        0,
                        true))
            .toList();
    ReplicaConfig replica =
        new ReplicaConfig(
            self,
            raft,
            tickMs,
            config.maxSizeBytes(),
            MAX_OPERATIONS,
            share * 7 / 8,
            config.rewrite(),
            APPLY_BYTES_A_TURN,
            READ_BYTES_A_TURN,
            ShareLimits.DEFAULT,
            PIECE_BYTES,
            founders);
    return new Settings(tickMs, Math.max(3, minTicks / 2), replica);
  }
}
