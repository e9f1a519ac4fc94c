package org.rale.raled.rejoin;

/** The node does not rejoin, and its data is as it was. The message is for its owner. */
public final class RejoinException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Kind {
    /** Something that was given, or stands in the directory, is wrong: again won't help. */
    WRONG,
    /** The cluster did not agree: perhaps it does later. */
    REFUSED,
    /** A stop was asked for meanwhile. */
    STOPPED
  }

  private final Kind kind;

  RejoinException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
