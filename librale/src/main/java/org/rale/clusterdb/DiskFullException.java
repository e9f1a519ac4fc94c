package org.rale.clusterdb;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file could not grow, or not be made, for lack of space. */
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  public DiskFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
