package org.rale.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of each write, as its client was told. Each key has one writer, whose values rise; a
 * key is given up after a write with an unknown outcome, since that write may take effect later.
 */
final class Ledger {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Requests that are sent before the first reply is read. */
  private static final int BATCH = 100;

  /** The last write of a key that was acknowledged. */
  private record Acknowledged(long value, long revision) {}

  private final Map<String, Acknowledged> last = new HashMap<>();
  private final Map<String, Set<Long>> refusedValues = new HashMap<>();
  private final Set<Long> revisions = new HashSet<>();
  private final List<String> faults = new ArrayList<>();
  private long unknown;
  private long refused;

  /**
   * @param after the revision of the last write that ended before this one began
   */
  synchronized void acknowledged(String key, long value, long revision, long after) {
    last.put(key, new Acknowledged(value, revision));
    if (revision <= after) {
      faults.add(key + "=" + value + " got revision " + revision + ", not above " + after);
    }
    if (!revisions.add(revision)) {
      faults.add("two writes got revision " + revision + ", one of them " + key + "=" + value);
    }
  }

  synchronized void unknown() {
    unknown++;
  }

  /** The node said that nothing was done. */
  synchronized void refused(String key, long value) {
    refused++;
    refusedValues.computeIfAbsent(key, none -> new HashSet<>()).add(value);
  }

  synchronized void fault(String sentence) {
    faults.add(sentence);
  }

  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  synchronized long acknowledgements() {
    return revisions.size();
  }

  synchronized String counts() {
    return revisions.size() + " acknowledged, " + unknown + " unknown, " + refused + " refused";
  }

  private synchronized Map<String, Acknowledged> copy() {
    return new HashMap<>(last);
  }

  private synchronized boolean wasRefused(String key, long value) {
    return refusedValues.getOrDefault(key, Set.of()).contains(value);
  }

  /** Reads every key that has an acknowledged write; returns how many those are. */
  int check(Client client) throws IOException {
    Map<String, Acknowledged> expected = copy();
    List<String> keys = new ArrayList<>(expected.keySet());
    for (int from = 0; from < keys.size(); from += BATCH) {
      List<String> batch = keys.subList(from, Math.min(keys.size(), from + BATCH));
      for (String key : batch) {
        client.send("{\"command\":\"GET\",\"key\":\"" + key + "\",\"timeout_ms\":30000}");
      }
      for (String key : batch) {
        compare(key, expected.get(key), JSON.readTree(client.reply()));
      }
    }
    return keys.size();
  }

  private void compare(String key, Acknowledged expected, JsonNode reply) {
    if (!reply.path("status").asText().equals("ok")) {
      fault(key + "=" + expected.value() + " can't be read: " + reply);
      return;
    }
    long value = Long.parseLong(reply.path("value").asText());
    long revision = reply.path("revision").asLong();
    boolean same = value == expected.value() && revision == expected.revision();
    boolean later = value > expected.value() && revision > expected.revision();
    if (!same && !later) {
      fault("LOST: " + key + " was " + expected + ", and reads as " + value + "@" + revision);
    }
    if (wasRefused(key, value)) {
      fault(key + "=" + value + " was refused, and is there");
    }
  }
}
