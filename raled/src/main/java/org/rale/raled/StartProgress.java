package org.rale.raled;

import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.rale.clusterdb.Opening;
import org.rale.request.ErrorCode;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.request.Response.Field;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a start is: told to the log now and then, and to whoever asks. */
final class StartProgress implements Opening.Progress {
  private static final Logger log = LoggerFactory.getLogger(StartProgress.class);

  /** A start that takes less says nothing. */
  private static final long TELL_NANOS = 2_000_000_000L;

  private record Place(long done, long size) {
    int percent() {
      return size == 0 ? 0 : (int) (100 * done / size);
    }
  }

  private final int nodeId;
  private final String nodeName;
  private final LongSupplier nanoClock;
  private long toldAt;
  private volatile Place place = new Place(0, 0);

  StartProgress(int nodeId, String nodeName, LongSupplier nanoClock) {
    this.nodeId = nodeId;
    this.nodeName = nodeName;
    this.nanoClock = nanoClock;
    this.toldAt = nanoClock.getAsLong();
  }

  @Override
  public void read(long done, long size) {
    Place now = new Place(done, size);
    place = now;
    if (nanoClock.getAsLong() - toldAt >= TELL_NANOS) {
      toldAt = nanoClock.getAsLong();
      log.info("{}", sentence(now));
    }
  }

  /** How long the file is; 0 where there was none. */
  long fileBytes() {
    return place.size();
  }

  private static String sentence(Place now) {
    return String.format(
        Locale.ROOT,
        "reading cluster.db: %d of %d MiB, %d %%",
        now.done() >> 20,
        now.size() >> 20,
        now.percent());
  }

  /** The answer to STATUS. What the file has not told yet is -1. */
  Response.StatusReport status() {
    Place now = place;
    return new Response.StatusReport(
        List.of(
            Field.of("node_id", nodeId),
            Field.of("role", "follower"),
            Field.of("cluster_size", -1),
            Field.of("leader_id", -1),
            Field.of("term", -1),
            Field.of("voted_for", -1),
            Field.of("last_log_index", -1),
            Field.of("last_log_term", -1),
            Field.of("commit_index", -1),
            Field.of("last_applied", -1),
            Field.of("node_name", nodeName),
            Field.of("state", "starting"),
            Field.of("read_bytes", now.done()),
            Field.of("file_bytes", now.size())));
  }

  /** The answer to everything else. */
  Failed refusal() {
    return new Failed(
        ErrorCode.SHUTTING_DOWN,
        "node " + nodeId + " is starting",
        sentence(place),
        "try again in a moment, or ask another node",
        0);
  }
}
