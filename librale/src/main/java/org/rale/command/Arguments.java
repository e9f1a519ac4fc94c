package org.rale.command;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.rale.bytes.Bytes;
import org.rale.dstore.StoreLimits;
import org.rale.request.ErrorCode;
import org.rale.request.Limits;
import org.rale.request.Request;
import org.rale.request.Response.Failed;
import org.rale.typo.Nearest;

/**
 * What may stand in a request, whichever form it came in.
 *
 * @param maxValueBytes the setting max_value_size
 */
record Arguments(int maxValueBytes) {
  /** What other stores call our commands. */
  private static final Map<String, String> OTHER_WORDS =
      Map.of("SET", "PUT", "DEL", "DELETE", "RM", "DELETE", "LS", "KEYS");

  Arguments {
    if (maxValueBytes < 1 || maxValueBytes > Limits.MAX_VALUE_BYTES) {
      throw new IllegalArgumentException("max_value_size " + maxValueBytes);
    }
  }

  static Bytes key(Bytes key) throws RefusedException {
    if (key.isEmpty()) {
      throw RefusedException.badRequest("the key is empty", "a key has 1 to 1024 bytes");
    }
    return upToMostBytes("key", key);
  }

  static Bytes prefix(Bytes prefix) throws RefusedException {
    return upToMostBytes("prefix", prefix);
  }

  private static Bytes upToMostBytes(String what, Bytes bytes) throws RefusedException {
    if (bytes.length() > Limits.MAX_KEY_BYTES) {
      throw new RefusedException(
          Failed.of(
              ErrorCode.KEY_TOO_LONG,
              String.format(
                  Locale.ROOT,
                  "the %s has %d bytes, more than %d",
                  what,
                  bytes.length(),
                  Limits.MAX_KEY_BYTES),
              "use a shorter " + what));
    }
    return bytes;
  }

  Bytes value(Bytes value) throws RefusedException {
    if (value.length() > maxValueBytes) {
      throw new RefusedException(
          Failed.of(
              ErrorCode.VALUE_TOO_LARGE,
              "the value has " + value.length() + " bytes, more than " + maxValueBytes,
              "max_value_size in the configuration sets the limit"));
    }
    return value;
  }

  /** A number within its range; {@code name} is what people know it by. */
  static long number(String name, long value, long least, long most) throws RefusedException {
    if (value < least || value > most) {
      throw RefusedException.badRequest(
          name + " is " + value, "it goes from " + least + " to " + most);
    }
    return value;
  }

  /** Digits and nothing else, as a number. */
  static long number(String name, String digits) throws RefusedException {
    long value = 0;
    boolean good = !digits.isEmpty() && digits.length() <= 19;
    for (int i = 0; good && i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      good = digit >= 0 && digit <= 9 && value <= (Long.MAX_VALUE - digit) / 10;
      value = value * 10 + digit;
    }
    if (!good) {
      throw RefusedException.badRequest(
          name + " is no number: '" + shown(digits) + "'", "it is written in digits alone");
    }
    return value;
  }

  /** Seconds, up to three digits behind a point, as milliseconds. */
  static long ttlMs(String seconds) throws RefusedException {
    int point = seconds.indexOf('.');
    String whole = point < 0 ? seconds : seconds.substring(0, point);
    String part = point < 0 ? "" : seconds.substring(point + 1);
    boolean good = isDigits(whole, 5) && (point < 0 || isDigits(part, 3));
    if (!good) {
      throw RefusedException.badRequest(
          "the ttl is no number of seconds: '" + shown(seconds) + "'", "write 10 or 2.5");
    }
    long ms = Long.parseLong(whole) * 1000 + Long.parseLong((part + "000").substring(0, 3));
    if (ms < StoreLimits.MIN_LEASE_TTL_MS || ms > StoreLimits.MAX_LEASE_TTL_MS) {
      throw RefusedException.badRequest(
          "the ttl is " + seconds + " s",
          "it goes from "
              + StoreLimits.MIN_LEASE_TTL_MS / 1000
              + " to "
              + StoreLimits.MAX_LEASE_TTL_MS / 1000
              + " s");
    }
    return ms;
  }

  private static boolean isDigits(String text, int most) {
    return !text.isEmpty()
        && text.length() <= most
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  static long lease(String digits) throws RefusedException {
    return JsonMember.LEASE.inRange(number("the lease", digits));
  }

  static int nodeId(long id) throws RefusedException {
    return (int) number("node_id", id, 1, Limits.MAX_NODE_ID);
  }

  static Request.BackupPiece backupPiece(long id, long piece) throws RefusedException {
    return new Request.BackupPiece(
        number("backup_id", id, 1, Long.MAX_VALUE),
        (int) number("piece", piece, 0, Integer.MAX_VALUE));
  }

  static Request.Add add(long id, String name, String host, long ralePort, long dstorePort)
      throws RefusedException {
    return new Request.Add(
        nodeId(id),
        nodeName(name),
        host(host),
        (int) number("rale_port", ralePort, 1, 65_535),
        (int) number("dstore_port", dstorePort, 1, 65_535));
  }

  private static String nodeName(String name) throws RefusedException {
    boolean good = !name.isEmpty() && name.length() <= Limits.MAX_NAME_CHARS;
    for (int i = 0; good && i < name.length(); i++) {
      char c = name.charAt(i);
      good = isAlphanumeric(c) || (i > 0 && (c == '_' || c == '-'));
    }
    if (!good) {
      throw RefusedException.badRequest(
          "'" + shown(name) + "' is no node name",
          "it has 1 to 64 letters, digits, _ and -, and starts with a letter or a digit");
    }
    return name;
  }

  private static String host(String host) throws RefusedException {
    boolean bracketed = host.length() > 2 && host.startsWith("[") && host.endsWith("]");
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    boolean good = !bare.isEmpty() && bare.length() <= Limits.MAX_HOST_CHARS;
    for (int i = 0; good && i < bare.length(); i++) {
      char c = bare.charAt(i);
      good = isAlphanumeric(c) || ".-_:%".indexOf(c) >= 0;
    }
    if (!good) {
      throw RefusedException.badRequest(
          "'" + shown(host) + "' is no address",
          "give an IPv4 or IPv6 address or a host name of at most 255 characters, without a port");
    }
    return bare;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  /** A word of the client's for a message: not all of a megabyte. */
  static String shown(String word) {
    return word.length() <= 40 ? word : word.substring(0, 40) + "...";
  }

  static RefusedException unknownCommand(String word) {
    String upper = word.toUpperCase(Locale.ROOT);
    String hint =
        upper.equals(Verb.LEASE_WORD)
            ? "a second word says what: LEASE GRANT, KEEPALIVE, REVOKE, LIST or PUT"
            : Optional.ofNullable(OTHER_WORDS.get(upper))
                .or(() -> Nearest.to(upper, Verb.names()))
                .map(verb -> "did you mean " + verb + "?")
                .orElse("HELP lists the commands");
    return new RefusedException(
        Failed.of(ErrorCode.UNKNOWN_COMMAND, "Unknown command '" + shown(word) + "'", hint));
  }
}
