package org.rale.wire;

/**
 * A node that speaks other versions of the protocol. The message is the sentence to refuse it with
 * ({@link Handshake.Refusal#VERSION}).
 */
public final class VersionException extends Exception {
  private static final long serialVersionUID = 1L;

  VersionException(String message) {
    super(message);
  }
}
