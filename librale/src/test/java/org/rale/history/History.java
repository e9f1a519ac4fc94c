package org.rale.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What clients did and saw, key by key. What is known not to have happened is not in it. */
public final class History {
  private final TreeMap<String, List<Op>> byKey = new TreeMap<>();
  private int looks;

  public void add(Op op) {
    byKey.computeIfAbsent(op.key, key -> new ArrayList<>()).add(op);
  }

  public void remove(Op op) {
    byKey.getOrDefault(op.key, new ArrayList<>()).remove(op);
  }

  /** The last look at a key. */
  public void look(Op op) {
    looks++;
    add(op);
  }

  public int looks() {
    return looks;
  }

  public long writesDone() {
    return byKey.values().stream()
        .flatMap(List::stream)
        .filter(op -> !op.isOpen() && op.kind != Op.Kind.GET && op.kind != Op.Kind.EXISTS)
        .count();
  }

  public void judge() {
    new Revisions(byKey.values().stream().flatMap(List::stream).toList()).judge();
    for (Map.Entry<String, List<Op>> entry : byKey.entrySet()) {
      new Linearizability(entry.getValue()).judge();
    }
  }
}
