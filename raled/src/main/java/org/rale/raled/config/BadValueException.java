package org.rale.raled.config;

import org.jspecify.annotations.Nullable;

/** A text that is no value of its {@link Kind}. */
final class BadValueException extends Exception {
  private final @Nullable String reason;

  /** The text is not what {@link Kind#expected} says. */
  BadValueException() {
    this(null);
  }

  /**
   * @param reason a sentence that says more than {@link Kind#expected} would
   */
  BadValueException(@Nullable String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  @Nullable String reason() {
    return reason;
  }
}
