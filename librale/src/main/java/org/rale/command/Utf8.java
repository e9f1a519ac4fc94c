package org.rale.command;

/** Looks at UTF-8 in place: most lines are checked and never become a String. */
final class Utf8 {
  /** What {@link #codePoint} gives for bytes that are no UTF-8. */
  static final int MALFORMED = -1;

  private Utf8() {}

  /** The code point that starts at the index; {@link #MALFORMED} by the table 3-7 of Unicode. */
  static int codePoint(byte[] array, int index, int end) {
    int first = array[index];
    if (first >= 0) {
      return first;
    }
    int lead = first & 0xff;
    if (lead < 0xc2 || lead > 0xf4) {
      return MALFORMED;
    }
    int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length > end - index) {
      return MALFORMED;
    }
    int codePoint = lead & (0xff >> (length + 1));
    for (int i = 1; i < length; i++) {
      int next = array[index + i] & 0xff;
      if ((next & 0xc0) != 0x80) {
        return MALFORMED;
      }
      codePoint = (codePoint << 6) | (next & 0x3f);
    }
    boolean overlong = codePoint < (length == 3 ? 0x800 : length == 4 ? 0x10000 : 0x80);
    boolean surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    return overlong || surrogate || codePoint > 0x10ffff ? MALFORMED : codePoint;
  }

  /** How many bytes the code point takes. */
  static int length(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  /** Where the first byte stands that is no UTF-8; -1 where all of it is. */
  static int firstMalformed(byte[] array, int from, int to) {
    int i = from;
    while (i < to) {
      int codePoint = codePoint(array, i, to);
      if (codePoint == MALFORMED) {
        return i;
      }
      i += length(codePoint);
    }
    return -1;
  }

  /**
   * Where the first byte stands that no JSON in UTF-8 has, on one line; -1 where there is none.
   * Without a NUL, a library that guesses encodings has nothing to guess.
   */
  static int firstNotJson(byte[] array, int from, int to) {
    int i = from;
    while (i < to) {
      int codePoint = codePoint(array, i, to);
      if (codePoint == MALFORMED || (codePoint < 0x20 && codePoint != '\t')) {
        return i;
      }
      i += length(codePoint);
    }
    return -1;
  }

  /**
   * Where the first byte stands that has no place in one line of text; -1 where there is none. A
   * line has no control characters but the tab, and none of the separators that some programs take
   * for the end of a line.
   */
  static int firstNotOneLine(byte[] array, int from, int to) {
    int i = from;
    while (i < to) {
      int codePoint = codePoint(array, i, to);
      if (codePoint == MALFORMED || (codePoint != '\t' && isUnprintable(codePoint))) {
        return i;
      }
      i += length(codePoint);
    }
    return -1;
  }

  /** Control characters (C0, DEL, C1) and the line and paragraph separators. */
  static boolean isUnprintable(int codePoint) {
    return codePoint < 0x20
        || (codePoint >= 0x7f && codePoint <= 0x9f)
        || codePoint == 0x2028
        || codePoint == 0x2029;
  }

  /** The text with {@code \}{@code uXXXX} for whatever would not stand in one line, tabs too. */
  static String oneLine(String text) {
    StringBuilder line = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean paired =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (paired) {
        i++;
        if (line != null) {
          line.append(c).append(text.charAt(i));
        }
      } else if (isUnprintable(c) || Character.isSurrogate(c)) {
        if (line == null) {
          line = new StringBuilder(text.length() + 8).append(text, 0, i);
        }
        line.append("\\u").append(Character.forDigit(c >> 12, 16));
        line.append(Character.forDigit((c >> 8) & 0xf, 16));
        line.append(Character.forDigit((c >> 4) & 0xf, 16));
        line.append(Character.forDigit(c & 0xf, 16));
      } else if (line != null) {
        line.append(c);
      }
    }
    return line == null ? text : line.toString();
  }
}
