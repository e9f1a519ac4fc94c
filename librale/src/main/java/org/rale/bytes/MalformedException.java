package org.rale.bytes;

/**
 * Bytes that are not what they claim to be. Expected: from a network or a disk anything may come.
 */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedException(String message) {
    super(message);
  }
}
