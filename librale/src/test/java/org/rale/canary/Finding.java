package org.rale.canary;

import java.util.Arrays;

/** How a seed failed. */
record Finding(long seed, Throwable failure) {

  private Throwable root() {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /**
   * Who objected: the class that threw, as room and name ({@code sim.LogMatching}, {@code
   * raft.Invariant}).
   */
  String judge() {
    return Arrays.stream(root().getStackTrace())
        .map(StackTraceElement::getClassName)
        .filter(name -> name.startsWith("org.rale."))
        .findFirst()
        .map(name -> name.substring("org.rale.".length()).replaceFirst("\\$.*", ""))
        .orElse("nobody");
  }

  /** The objection, on one line. */
  String sentence() {
    return String.valueOf(root().getMessage()).lines().findFirst().orElse("");
  }
}
