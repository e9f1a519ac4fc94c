package org.rale.typo;

import java.util.Optional;

/** Guesses what a mistyped word was meant to be. */
public final class Nearest {
  /** Words longer than this are no typing slip, and comparing them would cost time. */
  private static final int MAX_CHARS = 64;

  private Nearest() {}

  /** The known word with the fewest edits, where these are at most a third of the typed one. */
  public static Optional<String> to(String typed, Iterable<String> known) {
    if (typed.length() > MAX_CHARS) {
      return Optional.empty();
    }
    int least = Math.max(1, typed.length() / 3) + 1;
    String nearest = null;
    for (String word : known) {
      int edits = edits(typed, word);
      if (edits < least) {
        least = edits;
        nearest = word;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
  public static int edits(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
