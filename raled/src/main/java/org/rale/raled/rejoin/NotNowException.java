package org.rale.raled.rejoin;

/** A server can't help now. The message says why. */
final class NotNowException extends Exception {
  private static final long serialVersionUID = 1L;

  NotNowException(String message) {
    super(message);
  }
}
