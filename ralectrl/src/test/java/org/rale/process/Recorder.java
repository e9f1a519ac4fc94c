package org.rale.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.rale.history.BrokenHistory;
import org.rale.history.History;
import org.rale.history.Op;

/**
 * What the clients of a run asked and were told, and how long nothing was acknowledged. Times are
 * in microseconds since the run began.
 */
final class Recorder {
  private final long start = System.nanoTime();
  private final History history = new History();
  private final Set<Op> ops = new LinkedHashSet<>();
  private final TreeMap<String, Long> refusals = new TreeMap<>();
  private long acknowledged;
  private long reads;
  private long unknown;
  private long lastAcknowledged;
  private long longestGap;
  private long longestGapEnd;
  private String trouble = "nothing";
  private String longestGapTrouble = "";

  /** When the last one of the acknowledged changes began. */
  private long lastBegin = -1;

  long now() {
    return (System.nanoTime() - start) / 1000;
  }

  /** What is wrong from now on. */
  synchronized void trouble(String words) {
    trouble = words;
  }

  /** From here on nobody knows what becomes of it, until one of the methods below is called. */
  synchronized void begin(Op op) {
    ops.add(op);
    if (isChange(op)) {
      history.add(op);
    }
  }

  /** Its end is known: it was done, or the answer says why there was nothing to do. */
  synchronized void told(Op op, boolean yes, long revision) {
    op.yes = yes;
    op.revision = revision;
    op.to = now();
    if (!isChange(op)) {
      reads++;
      history.add(op);
      return;
    }
    acknowledged++;
    noteGap(op.to);
    lastAcknowledged = op.to;
    lastBegin = Math.max(lastBegin, op.from);
    notifyAll();
  }

  /** The last look at a key, which makes sure that nothing of it was lost. */
  synchronized void looked(Op op, boolean yes, long revision) {
    op.yes = yes;
    op.revision = revision;
    op.to = now();
    ops.add(op);
    history.look(op);
  }

  /** The node says that it did nothing: nobody may ever see a trace of this. */
  synchronized void refused(Op op, String code) {
    ops.remove(op);
    history.remove(op);
    refusals.merge(code, 1L, Long::sum);
  }

  synchronized void unknown(Op op) {
    if (isChange(op)) {
      unknown++;
    } else {
      ops.remove(op);
    }
  }

  private static boolean isChange(Op op) {
    return op.kind != Op.Kind.GET;
  }

  /** Waits for a change that began after that time and was acknowledged. */
  synchronized boolean isWrittenAfter(long time, Duration within) throws InterruptedException {
    long end = now() + within.toNanos() / 1000;
    while (lastBegin <= time) {
      long left = end - now();
      if (left <= 0) {
        return false;
      }
      wait(left / 1000 + 1);
    }
    return true;
  }

  /** Ends the count of the time without an acknowledgement: the clients stop. */
  synchronized void end() {
    noteGap(now());
  }

  private void noteGap(long end) {
    if (end - lastAcknowledged > longestGap) {
      longestGap = end - lastAcknowledged;
      longestGapEnd = end;
      longestGapTrouble = trouble;
    }
  }

  synchronized void judge(int keys) {
    if (history.looks() != keys) {
      throw new BrokenHistory(
          "only " + history.looks() + " of " + keys + " keys could be read at the end");
    }
    history.judge();
  }

  synchronized String counts() {
    return String.format(
        Locale.ROOT,
        "%d changes acknowledged, %d unknown, refused %s; %d reads",
        acknowledged,
        unknown,
        refusals.isEmpty() ? "none" : refusals,
        reads);
  }

  synchronized String longestUnavailability() {
    return String.format(
        Locale.ROOT,
        "%.3f s without an acknowledged change, until %.3f s, the last fault was %s",
        longestGap / 1e6,
        longestGapEnd / 1e6,
        longestGapTrouble);
  }

  /** All that was recorded, in the order of its beginnings. */
  synchronized void write(Path file) throws IOException {
    List<String> lines =
        ops.stream()
            .sorted((a, b) -> Long.compare(a.from, b.from))
            .map(op -> op.toString())
            .toList();
    Files.write(file, lines);
  }
}
