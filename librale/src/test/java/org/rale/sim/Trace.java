package org.rale.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What happened: a hash over all of it, and the last events for people. */
final class Trace {
  private static final int KEPT = 8_192;
  private static final int SHOWN = 120;
  private static final int SHOWN_OF_EACH_NODE = 80;
  private static final int SHOWN_OF_EACH_VALUE = 30;

  /** The values that clients write: client, number, filling. */
  private static final Pattern VALUES = Pattern.compile("\\bc\\d+-\\d+-");

  /** One node, two of them, or a list. */
  private static final Pattern NODES =
      Pattern.compile("\\bnodes? (\\d+(?:,? and \\d+)?|\\[\\d+(?:, \\d+)*])");

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Happened(long number, long at, Object[] what) {
    boolean isOf(int node) {
      for (int i = 1; i < what.length; i++) {
        if (what[i] instanceof Integer id && id == node) {
          return true;
        }
      }
      return false;
    }

    String words() {
      return Arrays.stream(what).map(String::valueOf).collect(Collectors.joining(" "));
    }

    String text() {
      return String.format(Locale.ROOT, "%10.3f ms  %s", at / 1000.0, words());
    }
  }

  private final Schedule schedule;
  private final boolean thorough;

  /** A ring: event number n stands at n modulo its length. */
  private final Happened[] last = new Happened[KEPT];

  private long hash = 1;
  private long count;

  /**
   * @param thorough whether the hash is over each word. It takes long, and sees what the hash over
   *     times and states of nodes alone might not: an order or a name that only this process has
   */
  Trace(Schedule schedule, boolean thorough) {
    this.schedule = schedule;
    this.thorough = thorough;
  }

  /** A number that a repetition of the run must bring again. */
  void mix(long number) {
    hash = (hash ^ number) * 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 29;
  }

  /** The parts are put into words only when somebody reads them. */
  void add(Object... what) {
    Happened event = new Happened(count, schedule.now(), what);
    mix(schedule.now());
    mix(what.length);
    if (thorough) {
      mix(event.words().hashCode());
    }
    last[(int) (count % KEPT)] = event;
    count++;
  }

  long hash() {
    return hash;
  }

  long count() {
    return count;
  }

  /** The last events, and more of the nodes and values that the sentence names. */
  String text(String sentence) {
    Set<Long> shown = new TreeSet<>();
    List<Happened> kept = kept();
    take(kept, SHOWN, shown);
    for (int node : nodesIn(sentence)) {
      take(kept.stream().filter(event -> event.isOf(node)).toList(), SHOWN_OF_EACH_NODE, shown);
    }
    for (String value : valuesIn(sentence)) {
      take(
          kept.stream().filter(event -> event.words().contains(value)).toList(),
          SHOWN_OF_EACH_VALUE,
          shown);
    }
    return kept.stream()
        .filter(event -> shown.contains(event.number()))
        .map(Happened::text)
        .collect(Collectors.joining("\n"));
  }

  private List<Happened> kept() {
    List<Happened> kept = new ArrayList<>();
    for (long number = Math.max(0, count - KEPT); number < count; number++) {
      kept.add(last[(int) (number % KEPT)]);
    }
    return kept;
  }

  private static void take(List<Happened> from, int most, Set<Long> into) {
    from.subList(Math.max(0, from.size() - most), from.size())
        .forEach(event -> into.add(event.number()));
  }

  private static Set<String> valuesIn(String sentence) {
    return VALUES
        .matcher(sentence)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Integer> nodesIn(String sentence) {
    Set<Integer> nodes = new TreeSet<>();
    Matcher matcher = NODES.matcher(sentence);
    while (matcher.find()) {
      NUMBER
          .matcher(matcher.group(1))
          .results()
          .forEach(id -> nodes.add(Integer.valueOf(id.group())));
    }
    return nodes;
  }
}
