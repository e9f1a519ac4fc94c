package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.rale.bytes.Bytes;

/** Runs the program in this process. */
final class Program {
  private final Map<String, String> environment = new HashMap<>();
  private byte[] input = {};
  private boolean terminal;

  Program with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Program reading(byte[] bytes) {
    input = bytes;
    return this;
  }

  /** Somebody sees the standard error. */
  Program onTerminal() {
    terminal = true;
    return this;
  }

  Run run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        new Ralectrl(environment, new ByteArrayInputStream(input), out, err, terminal)
            .run(arguments);
    return new Run(exit, Bytes.wrap(out.toByteArray()), err.toString(StandardCharsets.UTF_8));
  }

  /** What came of it. */
  record Run(int exit, Bytes bytes, String err) {
    String out() {
      return bytes.toText();
    }

    /** It succeeded, and printed this and nothing else. */
    void printed(String text) {
      assertThat(err).isEmpty();
      assertThat(out()).isEqualTo(text);
      assertThat(exit).isZero();
    }

    /** It failed with this code, and printed this on standard error and nothing else. */
    void failed(int code, String text) {
      assertThat(err).isEqualTo(text);
      assertThat(out()).isEmpty();
      assertThat(exit).isEqualTo(code);
    }
  }
}
