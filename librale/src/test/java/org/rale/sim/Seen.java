package org.rale.sim;

/**
 * What a run can go through: faults that struck, and ways through the rules that were taken.
 *
 * <p>A thousand seeds that go through one of these more seldom than it says prove little of it, and
 * {@code scripts/sim} fails then. Each figure is at most a quarter of what was counted.
 */
enum Seen {
  KILL("processes killed", 200),
  POWER_LOSS("power losses", 1_000),
  POWER_LOSS_IN_TASK("power losses within a disk task", 9),
  WRITES_LOST("power losses that took writes not synced, as a whole or in part", 15),
  NAMES_LOST("power losses that took back changes of the directory", 15),
  CRASH_IN_RECOVERY("power losses within a start", 40),
  PAUSE("processes stopped and continued", 400),
  GAP("gaps of the clock noticed by a process", 250),
  LEAVE("nodes stopped gracefully", 1_000),
  STUCK_SYNC("syncs stuck for longer than an election", 200),
  DISK_ERROR("nodes halted by a failed write or sync", 100),
  DISK_FULL("writes tried on a full disk", 450),
  NO_ROOM("rewrites given up on a full disk", 60),
  START_FAILED("starts failed by the disk", 35),
  ROT("files rotten", 12),
  REFUSED_START("starts refused, the file being damaged", 9),
  TORN_TAIL("torn tails cut", 35),
  EMPTIED_DISK("disks emptied", 70),
  REFUSED_EMPTIED("handshakes of an emptied disk refused", 2_000),
  OLD_COPY("old copies of cluster.db put back", 4),
  REFUSED_OLD_COPY("old copies refused by their leader", 3),
  CLONE("copies of a running node started beside it", 120),
  CLONE_REFUSED("handshakes of such copies refused", 9_000),
  RETIRED("replaced disks that ran again", 5),
  CUT("ways cut", 3_000),
  DATAGRAMS_CUT("ways cut for datagrams alone", 200),
  LINKS_CUT("ways cut for links alone", 500),
  FLAP("flapping ways", 200),
  DATAGRAM_LOST("datagrams lost", 25_000),
  DATAGRAM_DOUBLED("datagrams doubled", 12_000),
  DATAGRAM_OVERTAKEN("datagrams overtaken by a later one", 14_000),
  LINK_BROKEN("links broken", 3_000),
  ONE_LINK_BROKEN("links of which one connection broke", 30),
  ELECTION("elections won", 1_000),
  PRE_VOTE_REFUSED("pre-votes refused", 4_000),
  VOTE_REFUSED("votes refused", 250),
  STEPPED_DOWN("leaders that gave up power in their term", 120),
  TRANSFER("hand-overs by an order to campaign", 600),
  CONFLICT("conflicting entries cut", 20),
  COMPACTION("compactions", 7_000),
  SNAPSHOT_SENT("snapshots sent", 700),
  SNAPSHOT_INSTALLED("snapshots installed", 400),
  MEMBERSHIP("memberships committed", 1_100),
  MEMBERSHIP_ROLLBACK("memberships cut again", 1),
  REMOVED_LEADER("leaders removed", 80),
  REPLACED("nodes replaced", 40),
  REPLACED_MEANWHILE("nodes replaced and leading while a member was away", 1),
  ROLLING_RESTART("rolling restarts", 200),
  FORWARDED("requests forwarded to the leader", 60_000),
  UNKNOWN_OUTCOME("unknown outcomes told", 7_000),
  RETRY("changes sent again", 5_000),
  APPLIED_ONCE("changes that stand in the log twice and were applied once", 3_500),
  PIPELINED("requests sent while others were open", 80_000),
  READ_IN_PLACE("reads answered with changes of their connection under way", 100_000),
  DISPLACED("reads that lost their place", 3_000),
  OVERTAKEN("changes that lost their place", 1),
  READS_LEFT("turns that left reads to the next one", 700),
  APPLYING_LEFT("turns that left entries to be applied to the next one", 12_000),
  LOCAL_READ("local reads", 7_000),
  STALE_READ("local reads that were stale", 900),
  STORE_FULL("writes refused by a full store", 5_000),
  TXN("transactions whose conditions held", 18_000),
  TXN_FAILED("transactions whose conditions did not hold", 6_500),
  TXN_NOT_YET("transactions refused, since a member was not seen yet", 6),
  LEASE_GRANTED("leases granted", 3_400),
  LEASE_KEPT("leases kept alive", 13_000),
  LEASE_EXPIRED("leases whose time was up", 2_200),
  LEASE_REVOKED("leases revoked", 1_200),
  LEASE_DENIED("holders told that their lease had ended", 600),
  WATCHED("changes told to those who follow keys", 1_500),
  WATCHED_SEVERAL("answers to those who follow keys with several revisions", 1),
  WATCH_TOO_OLD("followers told to read anew", 250),
  MIRRORED("copies that followers made, compared", 1_500),
  AWAITED("keys that came while somebody waited", 300),
  AWAITED_IN_VAIN("keys that did not come in time", 350);

  final String words;
  final double perThousandSeeds;

  Seen(String words, double perThousandSeeds) {
    this.words = words;
    this.perThousandSeeds = perThousandSeeds;
  }
}
