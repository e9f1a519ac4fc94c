package org.rale.ralectrl.db;

/** Numbers of things in sentences. */
final class Count {
  private Count() {}

  /**
   * "1 key", "2 keys".
   *
   * @param noun in the singular, with a regular plural
   */
  static String of(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
