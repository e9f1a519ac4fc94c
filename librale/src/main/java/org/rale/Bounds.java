package org.rale;

import org.jspecify.annotations.Nullable;
import org.rale.request.ErrorCode;
import org.rale.request.Limits;
import org.rale.request.Request;
import org.rale.request.Response.Failed;

/**
 * The sizes that a program's own requests must keep; the parsers hold those of the protocol to
 * them.
 */
final class Bounds {
  private Bounds() {}

  /** What is wrong with the request's sizes, or null. */
  static @Nullable Failed refuse(Request request, int maxValueBytes) {
    if (!(request instanceof Request.Change change)) {
      return null;
    }
    int key = change.command().key().length();
    if (key == 0) {
      return Failed.of(ErrorCode.BAD_REQUEST, "the key is empty", "give the key at least one byte");
    }
    if (key > Limits.MAX_KEY_BYTES) {
      return Failed.of(
          ErrorCode.KEY_TOO_LONG,
          "the key has " + key + " bytes, at most " + Limits.MAX_KEY_BYTES + " are allowed",
          "use a shorter key");
    }
    int value = change.command().value().length();
    if (value > maxValueBytes) {
      return Failed.of(
          ErrorCode.VALUE_TOO_LARGE,
          "the value has " + value + " bytes, at most " + maxValueBytes + " are allowed",
          "split it, or raise max_value_size on every node");
    }
    return null;
  }
}
