package org.rale.raled;

import org.jspecify.annotations.Nullable;

/** A node could not start. The message is for its owner, so it names the thing at fault. */
public final class StartException extends Exception {
  private final int exitCode;

  /**
   * @param exitCode {@link ExitCode#FAILED}, or {@link ExitCode#BAD_DATA}
   */
  public StartException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
