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
 * <p>The limits of the store are checked here as well, so that a file too many is not sent in vain;
 * the failure is the one that a server would reply.
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
          ExitCode.FAILED,
          ErrorCode.KEY_TOO_LONG,
          "the key has %d bytes, more than %d".formatted(key.length(), Limits.MAX_KEY_BYTES),
          List.of(),
          null);
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
