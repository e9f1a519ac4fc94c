package org.rale.raled.net;

/** A port or socket that could not be taken. The message is a whole sentence for the operator. */
public final class PortException extends Exception {
  private static final long serialVersionUID = 1L;

  public PortException(String message) {
    super(message);
  }

  PortException(String message, Throwable cause) {
    super(message, cause);
  }
}
