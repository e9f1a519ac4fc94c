package org.rale.clusterdb;

import java.io.IOException;

/**
 * The disk has no room for what cluster.db was to hold. The file is as it was, and is used on. The
 * message has the figures.
 */
public final class NoRoomException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String why;

  NoRoomException(long bytes, long written, DiskFullException cause) {
    this(
        "after "
            + written
            + " bytes of the new file, the old one taking "
            + bytes
            + ": "
            + cause.getMessage(),
        cause);
  }

  /** Of the file itself, which could not grow. */
  NoRoomException(long bytes, DiskFullException cause) {
    this("cluster.db takes " + bytes + " bytes: " + cause.getMessage(), cause);
  }

  private NoRoomException(String why, DiskFullException cause) {
    super(why, cause);
    this.why = why;
  }

  /** The message. */
  public String why() {
    return why;
  }
}
