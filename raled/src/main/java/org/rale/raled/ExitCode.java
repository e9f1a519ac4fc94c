package org.rale.raled;

/** What the process ends with; part of the interface to scripts and supervisors. */
public final class ExitCode {
  /** Stopped as asked. */
  public static final int OK = 0;

  public static final int FAILED = 1;

  /** Wrong usage or configuration: starting again will not help. */
  public static final int USAGE = 2;

  /** cluster.db is damaged, or not this node's: starting again will not help. */
  public static final int BAD_DATA = 3;

  private ExitCode() {}
}
