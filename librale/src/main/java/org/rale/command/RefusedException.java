package org.rale.command;

import org.rale.request.ErrorCode;
import org.rale.request.Response.Failed;

/**
 * A line that is no valid request. Has no stack trace: anyone may cause it, as often as he likes.
 */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Failed failure;

  RefusedException(Failed failure) {
    super(failure.message(), null, false, false);
    this.failure = failure;
  }

  static RefusedException badRequest(String message, String hint) {
    return new RefusedException(Failed.of(ErrorCode.BAD_REQUEST, message, hint));
  }

  Failed failure() {
    return failure;
  }
}
