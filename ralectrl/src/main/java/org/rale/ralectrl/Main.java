package org.rale.ralectrl;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;

/** Where the program begins. */
public final class Main {
  /** Set by scripts/ralectrl when standard error is a terminal: Java 17 knows no way to tell. */
  private static final String TERMINAL_PROPERTY = "rale.terminal";

  private Main() {}

  /** Ends the process with an exit code of {@link org.rale.ralectrl.output.ExitCode}. */
  public static void main(String[] arguments) {
    Ralectrl program =
        new Ralectrl(
            System.getenv(),
            // Not bare: on Java 17 its readNBytes asks where it stands, which a pipe refuses.
            new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            Boolean.getBoolean(TERMINAL_PROPERTY));
    System.exit(program.run(arguments));
  }
}
