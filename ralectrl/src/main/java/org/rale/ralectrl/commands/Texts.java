package org.rale.ralectrl.commands;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.StoreLimits;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Limits;

/** Reads what the user wrote as numbers and times, and says what was expected. */
final class Texts {
  private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(3600);
  private static final BigDecimal SHORTEST_SECONDS = new BigDecimal("0.001");
  private static final BigDecimal SHORTEST_TTL =
      BigDecimal.valueOf(StoreLimits.MIN_LEASE_TTL_MS / 1000);
  private static final BigDecimal LONGEST_TTL =
      BigDecimal.valueOf(StoreLimits.MAX_LEASE_TTL_MS / 1000);

  private Texts() {}

  static int nodeId(String name, String text) throws Failure {
    return (int) number(name, text, 1, Limits.MAX_NODE_ID);
  }

  static int port(String name, String text) throws Failure {
    return (int) number(name, text, 1, 65535);
  }

  /** Revision 0 stands for a key that does not exist. */
  static long revision(String name, String text) throws Failure {
    return number(name, text, 0, Long.MAX_VALUE);
  }

  static long lease(String name, String text) throws Failure {
    return number(name, text, 1, Long.MAX_VALUE);
  }

  /** 0 where the option is not given: the key hangs on no lease. */
  static long optionalLease(@Nullable String text) throws Failure {
    return text == null ? 0 : lease("--lease", text);
  }

  static int count(String name, String text, int most) throws Failure {
    return (int) number(name, text, 1, most);
  }

  static String notEmpty(String name, String text) throws Failure {
    if (text.isEmpty()) {
      throw Failure.usage(name + " is empty", "Give the value of the node's configuration.");
    }
    return text;
  }

  static long number(String name, String text, long least, long most) throws Failure {
    // Nineteen digits are the most that a long can have.
    if (text.matches("[0-9]{1,19}")) {
      try {
        long number = Long.parseLong(text);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw outOfRange(name, text, least, most);
      }
    }
    throw outOfRange(name, text, least, most);
  }

  private static Failure outOfRange(String name, String text, long least, long most) {
    return Failure.usage(
        "invalid value for %s: \"%s\"".formatted(name, text),
        most == Long.MAX_VALUE
            ? "Give a whole number from %d up.".formatted(least)
            : "Give a whole number from %d to %d.".formatted(least, most));
  }

  /** Seconds, decimals allowed, from a millisecond to an hour. */
  static Duration seconds(String name, String text) throws Failure {
    return seconds(name, text, SHORTEST_SECONDS, LONGEST_SECONDS);
  }

  /** How long a lease lasts, in milliseconds: decimals allowed, from a second to a day. */
  static long ttlMs(String name, String text) throws Failure {
    return seconds(name, text, SHORTEST_TTL, LONGEST_TTL).toMillis();
  }

  /** Seconds, decimals allowed, from none to a day. */
  static Duration wait(String name, String text) throws Failure {
    return seconds(name, text, BigDecimal.ZERO, LONGEST_TTL);
  }

  private static Duration seconds(String name, String text, BigDecimal least, BigDecimal most)
      throws Failure {
    if (text.length() <= 16 && text.matches("[0-9]+(\\.[0-9]*)?|\\.[0-9]+")) {
      BigDecimal seconds = new BigDecimal(text);
      if (seconds.compareTo(least) >= 0 && seconds.compareTo(most) <= 0) {
        return Duration.ofNanos(seconds.movePointRight(9).longValue());
      }
    }
    throw Failure.usage(
        "invalid value for %s: \"%s\"".formatted(name, text),
        "Give seconds from %s to %s, for example 2 or %s."
            .formatted(
                least.toPlainString(), most.toPlainString(), least.scale() > 0 ? "0.5" : "1.5"));
  }
}
