package org.rale.settings;

import org.jspecify.annotations.Nullable;

/** A text that is no value of the setting that it was given to. */
public final class BadValueException extends Exception {
  private final @Nullable String reason;

  /** What is expected of the setting says all there is to say. */
  public BadValueException() {
    this(null);
  }

  /**
   * @param reason a sentence that says more than that
   */
  public BadValueException(@Nullable String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  public @Nullable String reason() {
    return reason;
  }
}
