package org.rale.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The keys that the clients use, a few at a time. Each is left for a new one before its history is
 * too long, or has too many open ends, to be judged; all of them are read in the end.
 */
final class Keys {
  private static final int IN_USE = 6;
  private static final int MOST_OPS = 150;
  private static final int MOST_OPEN = 4;

  /** One in so many operations goes to a key of any age. */
  private static final int OLD = 25;

  private final List<String> all = new ArrayList<>();
  private final String[] used = new String[IN_USE];
  private final int[] ops = new int[IN_USE];
  private final int[] open = new int[IN_USE];

  Keys() {
    for (int slot = 0; slot < IN_USE; slot++) {
      renew(slot);
    }
  }

  private void renew(int slot) {
    used[slot] = "k" + all.size();
    all.add(used[slot]);
    ops[slot] = 0;
    open[slot] = 0;
  }

  /** A key for the next read. */
  synchronized String toRead(Random random) {
    return random.nextInt(OLD) == 0 ? all.get(random.nextInt(all.size())) : next(random);
  }

  /** A key for the next change. */
  synchronized String toChange(Random random) {
    return next(random);
  }

  private String next(Random random) {
    int slot = random.nextInt(IN_USE);
    if (ops[slot] == MOST_OPS) {
      renew(slot);
    }
    ops[slot]++;
    return used[slot];
  }

  /** The outcome of a change of this key is unknown. */
  synchronized void leftOpen(String key) {
    for (int slot = 0; slot < IN_USE; slot++) {
      if (used[slot].equals(key) && ++open[slot] >= MOST_OPEN) {
        renew(slot);
      }
    }
  }

  synchronized List<String> all() {
    return List.copyOf(all);
  }
}
