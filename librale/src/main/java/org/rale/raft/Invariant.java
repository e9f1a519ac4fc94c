package org.rale.raft;

import java.util.Locale;

/** Checks that stay on: a node whose state is impossible must not go on (S-19). */
final class Invariant {
  private Invariant() {}

  static void check(boolean holds, String message, Object... arguments) {
    if (!holds) {
      throw broken(message, arguments);
    }
  }

  /** What to throw, where a check with its arguments would cost memory for each entry. */
  static IllegalStateException broken(String message, Object... arguments) {
    return new IllegalStateException(
        "broken invariant: " + String.format(Locale.ROOT, message, arguments));
  }
}
