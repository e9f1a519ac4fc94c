package org.rale.raled.config;

import org.rale.settings.BadValueException;

/**
 * What the values of a key are: how they are read from text, and how a person is told what is
 * allowed.
 *
 * @param type of the values
 * @param expected what is allowed, to follow "expected": "a whole number from 1 to 100"
 * @param range the same for a table, shorter: "1 to 100"
 * @param parser takes the text without quotes and surrounding blanks
 */
record Kind<T>(Class<T> type, String expected, String range, Parser<T> parser) {

  /** Reads a value. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(String text) throws BadValueException;
  }

  T parse(String text) throws BadValueException {
    return parser.parse(text);
  }
}
