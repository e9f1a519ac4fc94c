package org.rale.raft;

import java.util.Locale;

/** Checks that stay on: a node whose state is impossible must not go on (S-19). */
final class Invariant {
  private Invariant() {}

  static void check(boolean holds, String message, Object... arguments) {
    if (!holds) {
      throw new IllegalStateException(
          "broken invariant: " + String.format(Locale.ROOT, message, arguments));
    }
  }
}
