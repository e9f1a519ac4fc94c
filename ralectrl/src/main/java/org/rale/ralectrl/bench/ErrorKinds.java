package org.rale.ralectrl.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Errors, counted by what they say. A reply in text form has no code: its kind is the message up to
 * what differs from key to key.
 */
final class ErrorKinds {
  /** The outcome of these requests is not known. */
  static final String LOST = "connection lost";

  private static final String ERROR = "ERROR: ";
  private static final String NO_REPLY = "not a reply";
  private static final String OTHER = "other errors";
  private static final int MOST_KINDS = 20;

  /** A colon and what is quoted behind it, what stands in brackets, and what to do. */
  private static final Pattern PARTICULARS = Pattern.compile("(: | \\(|; ).*");

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private final Map<String, Count> kinds = new ConcurrentHashMap<>();

  /**
   * How often an error came.
   *
   * @param sample the first one
   */
  record Count(String kind, long count, String sample) {}

  static String kind(String line) {
    if (!line.startsWith(ERROR)) {
      return NO_REPLY;
    }
    String message = line.substring(ERROR.length());
    String general = PARTICULARS.matcher(message).replaceFirst("");
    return NUMBER.matcher(general).replaceAll("N");
  }

  void add(String kind, String sample, int count) {
    String known = kinds.containsKey(kind) || kinds.size() < MOST_KINDS ? kind : OTHER;
    kinds.merge(
        known,
        new Count(known, count, sample),
        (old, added) -> new Count(known, old.count() + added.count(), old.sample()));
  }

  void clear() {
    kinds.clear();
  }

  long total() {
    return kinds.values().stream().mapToLong(Count::count).sum();
  }

  /** The most frequent first. */
  List<Count> counts() {
    return kinds.values().stream()
        .sorted(Comparator.comparingLong(Count::count).reversed().thenComparing(Count::kind))
        .toList();
  }
}
