package org.rale.command;

import org.jspecify.annotations.Nullable;
import org.rale.request.Request;

/** How a line asked, and so how it is answered. */
public sealed interface Form {

  /** What was asked; null where that could not be understood. */
  @Nullable Request request();

  /** A line of plain text. */
  record Text(@Nullable Request request) implements Form {}

  /**
   * A JSON object.
   *
   * @param id the member {@code id} as it came, JSON itself and on one line; null where none came
   */
  record Json(@Nullable Request request, @Nullable String id) implements Form {}
}
