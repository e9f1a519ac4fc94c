package org.rale.sim;

/** A judge found the run guilty. */
final class SimFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SimFailure(String message) {
    super(message);
  }

  SimFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
