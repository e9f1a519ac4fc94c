package org.rale.dstore;

/**
 * The bounds of the state machine (S-16).
 *
 * <p>What is forgotten at a bound is part of the state, so every node must have the same numbers
 * (S-20): to change one is to change the format of the commands.
 */
public final class StoreLimits {
  /** A key has 1 to this many bytes. */
  public static final int MAX_KEY_BYTES = 1024;

  /** A value has 0 to this many bytes. */
  public static final int MAX_VALUE_BYTES = 1 << 20;

  /** Clients that are remembered; at the bound the one that was quiet longest is forgotten. */
  public static final int MAX_SESSIONS = 65_536;

  /** Outcomes of one client that are remembered; at the bound that of the lowest sequence goes. */
  public static final int MAX_SESSION_OUTCOMES = 4_096;

  /**
   * Outcomes of all clients together; at the bound the clients that were quiet longest are
   * forgotten. Without it a full window for every client would be 268 million.
   */
  public static final int MAX_OUTCOMES = 262_144;

  private StoreLimits() {}
}
