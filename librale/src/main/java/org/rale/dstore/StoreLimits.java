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

  /**
   * What of an outcome counts as one against the two bounds above: one of a transaction is as long
   * as it has steps.
   */
  static final int OUTCOME_UNIT_BYTES = 64;

  /** An encoded command: the longest key and value, and 1 KiB for what describes them. */
  public static final int MAX_COMMAND_BYTES = MAX_KEY_BYTES + MAX_VALUE_BYTES + 1024;

  /** Conditions of a transaction, and steps in each of its lists. */
  public static final int MAX_TXN_PARTS = 128;

  /** What a condition or a step counts beside its key and value. It never takes more. */
  public static final int TXN_PART_BYTES = 24;

  /** Of all conditions and steps together. With what is around them they fit into a command. */
  public static final int MAX_TXN_BYTES = MAX_KEY_BYTES + MAX_VALUE_BYTES;

  /** Of the values that a transaction reads; those beyond are left out. */
  public static final int MAX_TXN_READ_BYTES = MAX_VALUE_BYTES;

  /** Leases that there may be. */
  public static final int MAX_LEASES = 10_000;

  /** Keys that hang on one lease: its end takes them all in one step, which must stay short. */
  public static final int MAX_LEASE_KEYS = 1_000;

  public static final long MIN_LEASE_TTL_MS = 1_000;

  public static final long MAX_LEASE_TTL_MS = 86_400_000;

  private StoreLimits() {}
}
