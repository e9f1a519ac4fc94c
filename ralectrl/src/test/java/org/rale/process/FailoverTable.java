package org.rale.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rale.process.Failover.Outage;

/** What scripts/bench/failover has measured, and the goals beside it. */
final class FailoverTable {
  /**
   * Each below so many milliseconds.
   *
   * @param medianMs of the median; 0 where there is no such goal, as for the worst
   */
  record Goal(int medianMs, int worstMs) {
    static final Goal NONE = new Goal(0, 0);

    private boolean isMet(double median, double worst) {
      return (medianMs == 0 || median < medianMs) && (worstMs == 0 || worst < worstMs);
    }

    private String words() {
      String median = medianMs == 0 ? "" : "median < " + medianMs + " ms";
      String worst = worstMs == 0 ? "" : "worst < " + worstMs + " ms";
      return median.isEmpty() || worst.isEmpty() ? median + worst : median + ", " + worst;
    }
  }

  private static final String ROW = "%-48s %6s  %9s  %9s  %9s  %-32s %s";

  private final List<String> rows = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();

  /** The goal is for the time in which no node took a write. */
  void outages(String what, List<Outage> outages, Goal goal) {
    times(what, outages.stream().map(Outage::anyMs).sorted().toList(), goal);
    times(
        "  the same, at each node",
        outages.stream().map(Outage::eachMs).sorted().toList(),
        Goal.NONE);
  }

  /** The goal is for the time in which one node took no write. */
  void atTheNode(String what, List<Outage> outages, Goal goal) {
    times(what, outages.stream().map(Outage::eachMs).sorted().toList(), goal);
  }

  private void times(String what, List<Double> sorted, Goal goal) {
    double median = quantile(sorted, 0.5);
    double worst = quantile(sorted, 1);
    boolean met = goal.isMet(median, worst);
    String[] figures = {ms(median), ms(quantile(sorted, 0.9)), ms(worst)};
    row(what, "" + sorted.size(), figures, goal.words(), met);
  }

  /** Where the goal is that there are none. */
  void elections(String what, Elections elections) {
    System.out.printf(
        "%s: %d and %d; a node heard no leader and asked the others %d times%n",
        what, elections.leaders(), elections.terms(), elections.alarms());
    String count = elections.leaders() + ", " + elections.terms();
    row(what, count, new String[] {"", "", ""}, "no leader, no term", elections.none());
  }

  /** A fault that no column has a place for. */
  void failed(String what) {
    missed.add(what);
  }

  private void row(String what, String count, String[] figures, String goal, boolean met) {
    String verdict = goal.isEmpty() ? "" : met ? "met" : "MISSED";
    rows.add(
        ROW.formatted(what, count, figures[0], figures[1], figures[2], goal, verdict)
            .stripTrailing());
    if (!met) {
      missed.add(what);
    }
  }

  /** The smallest of the values that the share of them does not exceed. */
  static double quantile(List<Double> sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.get(Math.max(0, rank - 1));
  }

  private static String ms(double millis) {
    return String.format(Locale.ROOT, "%.1f ms", millis);
  }

  /** Returns what was missed. */
  List<String> print() {
    System.out.printf("%n" + ROW + "%n", "case", "count", "median", "90 %", "worst", "goal", "");
    rows.forEach(System.out::println);
    return missed;
  }
}
