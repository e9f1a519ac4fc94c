package org.rale.ralectrl.bench;

import java.time.Duration;

/**
 * What the user wants to be measured.
 *
 * @param readsPercent of MIX, 0 to 100
 * @param valueBytes of each value
 * @param keys how many there are, at most {@link #MOST_KEYS}
 * @param outstanding requests under way altogether, at least one a connection
 * @param warmUp before what is measured; may be zero
 * @param prefix of each key; not empty
 * @param timeout how long a server may be silent
 */
public record Settings(
    Operation operation,
    int readsPercent,
    int valueBytes,
    int keys,
    int outstanding,
    int connections,
    Duration measured,
    Duration warmUp,
    String prefix,
    long seed,
    Duration timeout) {
  /** A key is the prefix and so many digits. */
  public static final int DIGITS = 9;

  public static final int MOST_KEYS = 100_000_000;

  /** The name of a key; the first one has the number 0. */
  public String key(int number) {
    String digits = Integer.toString(number);
    return prefix + "0".repeat(DIGITS - digits.length()) + digits;
  }
}
