package org.rale.ralectrl;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;

/** Where the program begins. */
public final class Main {
  private Main() {}

  /** Ends the process with an exit code of {@link org.rale.ralectrl.output.ExitCode}. */
  public static void main(String[] arguments) {
    Ralectrl program =
        new Ralectrl(
            System.getenv(),
            // Not bare: on Java 17 its readNBytes asks where it stands, which a pipe refuses.
            new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err));
    System.exit(program.run(arguments));
  }
}
