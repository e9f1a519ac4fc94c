package org.rale.ralectrl.output;

import org.rale.request.ErrorCode;

/** How the program ends. The numbers are part of its interface, and scripts go by them. */
public final class ExitCode {
  public static final int DONE = 0;

  /** The cluster refused it, or it failed. */
  public static final int FAILED = 1;

  /** The command line, or a file that it names, is wrong. */
  public static final int USAGE = 2;

  /** No server reachable, no leader, or time ran out. */
  public static final int UNAVAILABLE = 3;

  public static final int NO_SUCH_KEY = 4;
  public static final int REVISION_MISMATCH = 5;

  /** The change may have been made, or may be made yet (S-15). */
  public static final int UNKNOWN_OUTCOME = 6;

  /** DB: the file is damaged, and raled would refuse it (S-05). */
  public static final int DAMAGED = 7;

  /** DB: the file can't be read, is no cluster.db, or one of a newer version. */
  public static final int UNREADABLE = 8;

  /** TXN: a condition did not hold, and the list "else" was done. */
  public static final int CONDITIONS_FAILED = 9;

  /** LEADER: another node than the one that was asked. */
  public static final int ANOTHER_LEADS = 10;

  /** LEADER: the node that was asked knows of none. */
  public static final int NOBODY_LEADS = 11;

  /** LOCK: somebody else has it. The command was not started. */
  public static final int LOCK_IS_HELD = 121;

  /** LOCK: it was lost before the command had ended. */
  public static final int LOCK_LOST = 122;

  /** LOCK: something else went wrong before the command was started. */
  public static final int LOCK_FAILED = 125;

  /** LOCK: as env and the shell have it. */
  public static final int NOT_EXECUTABLE = 126;

  public static final int COMMAND_NOT_FOUND = 127;

  /** LOCK: and the number of the signal that ended the command, as the shell has it. */
  public static final int SIGNAL_BASE = 128;

  private ExitCode() {}

  /** The exit code for a failure that a server replied. */
  public static int of(ErrorCode code) {
    return switch (code) {
      case KEY_NOT_FOUND -> NO_SUCH_KEY;
      case REVISION_MISMATCH, REVISION_TOO_OLD -> REVISION_MISMATCH;
      case UNKNOWN_OUTCOME -> UNKNOWN_OUTCOME;
      case NO_LEADER, TIMEOUT, SHUTTING_DOWN -> UNAVAILABLE;
      case BAD_REQUEST,
          UNKNOWN_COMMAND,
          KEY_TOO_LONG,
          VALUE_TOO_LARGE,
          LINE_TOO_LONG,
          NOT_MEMBER,
          MEMBERSHIP_REFUSED,
          NODE_UNREACHABLE,
          FORBIDDEN,
          STORE_FULL,
          OVERLOADED,
          INTERNAL,
          LEASE_NOT_FOUND,
          LEASE_LIMIT,
          NOT_SUPPORTED ->
          FAILED;
    };
  }
}
