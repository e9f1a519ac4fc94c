package org.rale.ralectrl.commands;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;
import org.rale.request.Limits;

/**
 * Keys and values as they are sent. An argument is text, and its UTF-8 is the key: blanks and
 * control characters too, as requests travel as JSON.
 *
 * <p>The limits of the store are checked here as well, so that a file too many is not sent in vain.
 * A key that no server would take is a mistake on the command line. How large a value may be is the
 * cluster's to say, so that failure is the one that a server would reply.
 */
final class Keys {
  private Keys() {}

  static Bytes key(String text) throws Failure {
    if (text.isEmpty()) {
      throw Failure.usage("the key is empty", "A key has 1 to 1024 bytes.");
    }
    return prefix(text);
  }

  static Bytes prefix(@Nullable String text) throws Failure {
    Bytes key = Bytes.utf8(text == null ? "" : text);
    if (key.length() > Limits.MAX_KEY_BYTES) {
      throw Failure.of(
          ExitCode.USAGE,
          ErrorCode.KEY_TOO_LONG,
          "the key is too long",
          List.of(
              "It has %d bytes of UTF-8, more than %d."
                  .formatted(key.length(), Limits.MAX_KEY_BYTES)),
          "Use a shorter key.");
    }
    return key;
  }

  static Bytes value(Bytes value) throws Failure {
    if (value.length() > Limits.MAX_VALUE_BYTES) {
      throw Failure.of(
          ExitCode.FAILED,
          ErrorCode.VALUE_TOO_LARGE,
          "the value has more than %d bytes".formatted(Limits.MAX_VALUE_BYTES),
          List.of(),
          "max_value_size in the configuration of the nodes can only be less.");
    }
    return value;
  }
}
