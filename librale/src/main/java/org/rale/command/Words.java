package org.rale.command;

import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/** Takes a line of text apart from left to right. Space and tab part the words. */
final class Words {
  private final byte[] array;
  private final int end;
  private int position;

  /** Starts at the first word. */
  Words(byte[] array, int from, int to) {
    this.array = array;
    this.end = to;
    this.position = from;
    skipSpace();
  }

  /** Whether no further word comes. */
  boolean atEnd() {
    return position == end;
  }

  /**
   * The verb that the next word is, or the next two; null where they are none, and then they are
   * still next.
   */
  @Nullable Verb verb() {
    int start = position;
    int wordEnd = wordEnd();
    Verb verb = Verb.find(array, position, wordEnd);
    if (verb == null && skip(Verb.LEASE_WORD)) {
      wordEnd = wordEnd();
      verb = Verb.findOfLease(array, position, wordEnd);
    }
    position = start;
    if (verb != null) {
      position = wordEnd;
      skipSpace();
    }
    return verb;
  }

  /** Passes the next word where it is this one, which is upper case, in any case. */
  boolean skip(String word) {
    int wordEnd = wordEnd();
    boolean found = Verb.matches(word, array, position, wordEnd);
    if (found) {
      position = wordEnd;
      skipSpace();
    }
    return found;
  }

  /** Whether this word, which is upper case, comes next, in any case; it is still next. */
  boolean comes(String word) {
    return Verb.matches(word, array, position, wordEnd());
  }

  /** The next word, empty when there is none; passes the white space behind it. */
  Bytes word() {
    Bytes word = upTo(wordEnd());
    skipSpace();
    return word;
  }

  /** The same as text. */
  String text() {
    return word().toText();
  }

  /** Whether a space stands behind the next word. */
  boolean spaceFollows() {
    return wordEnd() < end;
  }

  /** The next word, up to this character in it; null where the word has no such character. */
  @Nullable Bytes wordUpTo(char mark) {
    int wordEnd = wordEnd();
    for (int i = position; i < wordEnd; i++) {
      if (array[i] == mark) {
        return upTo(i);
      }
    }
    return null;
  }

  /** The next word; the white space behind it stays. */
  Bytes wordAlone() {
    return upTo(wordEnd());
  }

  /** All that is left behind the one character that stands here, white space too. */
  Bytes valueBehindMark() {
    position++;
    return upTo(end);
  }

  private int wordEnd() {
    int at = position;
    while (at < end && !isSpace(array[at])) {
      at++;
    }
    return at;
  }

  private Bytes upTo(int to) {
    Bytes bytes = Bytes.copyOf(array, position, to - position);
    position = to;
    return bytes;
  }

  private void skipSpace() {
    while (position < end && isSpace(array[position])) {
      position++;
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }
}
