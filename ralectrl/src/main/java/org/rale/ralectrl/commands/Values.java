package org.rale.ralectrl.commands;

import java.io.IOException;
import org.rale.bytes.Bytes;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Limits;

/** A value as it stands on the command line. */
final class Values {
  private static final String STANDARD_INPUT = "-";

  private Values() {}

  /**
   * The value; for {@code -} the standard input, of which no more is read than a value may have.
   */
  static Bytes read(String text, Session session) throws Failure, IOException {
    if (!text.equals(STANDARD_INPUT)) {
      return Keys.value(Bytes.utf8(text));
    }
    return Keys.value(Bytes.wrap(session.input().readNBytes(Limits.MAX_VALUE_BYTES + 1)));
  }
}
