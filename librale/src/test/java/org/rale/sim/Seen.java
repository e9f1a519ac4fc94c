package org.rale.sim;

/**
 * What a run can go through: faults that struck, and ways through the rules that were taken.
 *
 * <p>A thousand seeds that go through one of these more seldom than it says prove little of it, and
 * {@code scripts/sim} fails then. The figures are about a fifth of what was counted.
 */
enum Seen {
  KILL("processes killed", 1),
  POWER_LOSS("power losses", 1),
  POWER_LOSS_IN_TASK("power losses within a disk task", 1),
  CRASH_IN_RECOVERY("power losses within a start", 1),
  PAUSE("processes stopped and continued", 1),
  GAP("gaps of the clock noticed by a process", 1),
  LEAVE("nodes stopped gracefully", 1),
  STUCK_SYNC("syncs stuck for longer than an election", 1),
  DISK_ERROR("nodes halted by a failed write or sync", 1),
  DISK_FULL("nodes halted by a full disk", 1),
  START_FAILED("starts failed by the disk", 1),
  ROT("files rotten", 1),
  REFUSED_START("starts refused, the file being damaged", 1),
  TORN_TAIL("torn tails cut", 1),
  EMPTIED_DISK("disks emptied", 1),
  REFUSED_EMPTIED("handshakes of an emptied disk refused", 1),
  OLD_COPY("old copies of cluster.db put back", 1),
  REFUSED_OLD_COPY("old copies refused by their leader", 1),
  CUT("ways cut", 1),
  DATAGRAMS_CUT("ways cut for datagrams alone", 1),
  LINKS_CUT("ways cut for links alone", 1),
  FLAP("flapping ways", 1),
  LINK_BROKEN("links broken", 1),
  ELECTION("elections won", 1),
  PRE_VOTE_REFUSED("pre-votes refused", 1),
  VOTE_REFUSED("votes refused", 1),
  STEPPED_DOWN("leaders that gave up power in their term", 1),
  TRANSFER("hand-overs by an order to campaign", 1),
  CONFLICT("conflicting entries cut", 1),
  COMPACTION("compactions", 1),
  SNAPSHOT_SENT("snapshots sent", 1),
  SNAPSHOT_INSTALLED("snapshots installed", 1),
  MEMBERSHIP("memberships committed", 1),
  MEMBERSHIP_ROLLBACK("memberships cut again", 1),
  REMOVED_LEADER("leaders removed", 1),
  REPLACED("nodes replaced", 1),
  ROLLING_RESTART("rolling restarts", 1),
  FORWARDED("requests forwarded to the leader", 1),
  UNKNOWN_OUTCOME("unknown outcomes told", 1),
  RETRY("changes sent again", 1),
  APPLIED_ONCE("changes that stand in the log twice and were applied once", 1),
  PIPELINED("requests sent while others were open", 1),
  LOCAL_READ("local reads", 1),
  STALE_READ("local reads that were stale", 1),
  STORE_FULL("writes refused by a full store", 1);

  final String words;
  final double perThousandSeeds;

  Seen(String words, double perThousandSeeds) {
    this.words = words;
    this.perThousandSeeds = perThousandSeeds;
  }
}
