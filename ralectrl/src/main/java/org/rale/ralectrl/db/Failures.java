package org.rale.ralectrl.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.ClusterDbException;
import org.rale.command.JsonLine;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;

/** What is wrong with a file, as this program's failures. */
final class Failures {
  private Failures() {}

  static Failure of(ClusterDbException e) {
    boolean damaged = e.kind() == ClusterDbException.Kind.DAMAGED;
    String message = String.valueOf(e.getMessage());
    String code = damaged ? "DAMAGED" : e.kind().name();
    JsonLine json = begin(code, message).field("detail", e.detail()).field("hint", e.hint());
    if (e.offset() >= 0) {
      json.field("offset", e.offset());
    }
    return Failure.ofOwnCode(
        damaged ? ExitCode.DAMAGED : ExitCode.UNREADABLE,
        message,
        List.of(e.detail()),
        e.hint(),
        text(json.close('}')));
  }

  static Failure unreadable(Path path, IOException e) {
    String message =
        e.getMessage() == null ? "could not read file \"" + path + "\"" : e.getMessage();
    @Nullable String hint = hint(path, message);
    JsonLine json = begin("UNREADABLE", message);
    if (hint != null) {
      json.field("hint", hint);
    }
    return Failure.ofOwnCode(ExitCode.UNREADABLE, message, List.of(), hint, text(json.close('}')));
  }

  private static @Nullable String hint(Path path, String message) {
    if (message.endsWith("Is a directory")) {
      return "Name the file in it: " + path.resolve("cluster.db") + ".";
    }
    return message.endsWith("Permission denied")
        ? "Run this as the user of raled: cluster.db is for that one alone."
        : null;
  }

  private static JsonLine begin(String code, String message) {
    return new JsonLine(256)
        .open('{')
        .field("status", "error")
        .field("code", code)
        .field("message", message);
  }

  static String text(JsonLine line) {
    return new String(line.toByteArray(), StandardCharsets.UTF_8);
  }
}
