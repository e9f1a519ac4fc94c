package org.rale.request;

/** The bounds of the protocol (S-16). */
public final class Limits {
  public static final int MAX_KEY_BYTES = 1024;

  /** The default and the most of {@code max_value_size}. */
  public static final int MAX_VALUE_BYTES = 1 << 20;

  public static final int MAX_LINE_BYTES = 2 << 20;

  /** Keys in one reply to KEYS. */
  public static final int MAX_KEYS = 10_000;

  public static final int MAX_NODE_ID = 10_000;
  public static final int MAX_NAME_CHARS = 64;
  public static final int MAX_HOST_CHARS = 255;

  private Limits() {}
}
