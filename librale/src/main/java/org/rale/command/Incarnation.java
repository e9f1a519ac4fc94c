package org.rale.command;

import java.util.HexFormat;
import org.rale.bytes.MalformedException;

/** The number of a node's disk in JSON: 16 hexadecimal digits, not all of them 0. */
final class Incarnation {
  private static final int DIGITS = 16;

  private Incarnation() {}

  static String toText(long incarnation) {
    return HexFormat.of().toHexDigits(incarnation);
  }

  static long parse(String text) throws MalformedException {
    if (text.length() == DIGITS && text.chars().allMatch(HexFormat::isHexDigit)) {
      long incarnation = HexFormat.fromHexDigitsToLong(text);
      if (incarnation != 0) {
        return incarnation;
      }
    }
    throw new MalformedException("'" + Arguments.shown(text) + "' is no incarnation");
  }
}
