package org.rale.clusterdb;

import java.io.IOException;

/**
 * The disk has no room for a rewrite of cluster.db, which was given up. The file is as it was, and
 * is used on. The message has the figures.
 */
public final class NoRoomException extends IOException {
  private static final long serialVersionUID = 1L;

  NoRoomException(long bytes, long written, DiskFullException cause) {
    super(
        "after "
            + written
            + " bytes of the new file, the old one taking "
            + bytes
            + ": "
            + cause.getMessage(),
        cause);
  }
}
