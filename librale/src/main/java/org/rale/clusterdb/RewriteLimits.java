package org.rale.clusterdb;

/**
 * When cluster.db is rewritten: when its log is as long as a constant and a share of the live data,
 * or the whole file is longer than the live data by the constant and half as much again of the
 * share, and in both cases no later than at a bound.
 *
 * <p>The log is limited because a start reads it several times slower than a snapshot; it gets long
 * where keys come or are overwritten. The file is limited because of what it holds for nothing,
 * where keys go: there a rewrite may wait longer, for it then has less to write. The share spreads
 * the cost of a rewrite over so much log, however large the table is. The bound is what makes the
 * use of the disk twice the live data and a constant: beside the old file stands the new one.
 *
 * @param minBytes the constant, at least 1
 * @param sharePercent of the live data, 0 to 100
 * @param maxBytes the bound, not less than the constant
 */
public record RewriteLimits(long minBytes, int sharePercent, long maxBytes) {
  /**
   * The constant is some 100,000 short changes, which a start reads within half a second. From 1.6
   * GB of live data on the bound acts, and they are written once more for each 256 MB of log.
   */
  public static final RewriteLimits DEFAULT = new RewriteLimits(32L << 20, 15, 256L << 20);

  public RewriteLimits {
    if (minBytes < 1 || sharePercent < 0 || sharePercent > 100 || maxBytes < minBytes) {
      throw new IllegalArgumentException(
          minBytes + " bytes, " + sharePercent + " %, at most " + maxBytes + " bytes");
    }
  }

  /**
   * Whether the file is to be rewritten.
   *
   * @param liveBytes what a snapshot of now would take
   * @param snapshotBytes what the one in the file takes
   * @param logBytes what the entries behind it take
   */
  public boolean isReached(long liveBytes, long snapshotBytes, long logBytes) {
    long share = liveBytes * sharePercent;
    return logBytes >= bounded(share / 100)
        || snapshotBytes + logBytes >= liveBytes + bounded(share / 200 * 3);
  }

  private long bounded(long share) {
    return Math.min(maxBytes, minBytes + share);
  }
}
