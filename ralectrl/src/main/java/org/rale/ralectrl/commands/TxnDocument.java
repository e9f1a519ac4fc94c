package org.rale.ralectrl.commands;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rale.command.CommandParser;
import org.rale.command.ParsedLine;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;
import org.rale.request.Limits;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * The JSON of a TXN: the request of the protocol, on as many lines as its author likes. It is
 * judged here by the rules of the server, before anything is sent.
 */
final class TxnDocument {
  private static final String STANDARD_INPUT = "-";
  private static final String COMMAND = "command";

  /** The other members of the request are this program's to fill in. */
  private static final Set<String> MEMBERS = Set.of(COMMAND, "compare", "then", "else");

  private TxnDocument() {}

  /**
   * @param argument the document itself, which begins with a brace; {@code -} for the standard
   *     input; otherwise the path of a file
   */
  static Request.Change read(String argument, InputStream standardInput)
      throws Failure, IOException {
    byte[] document = bytes(argument, standardInput);
    if (document.length > Limits.MAX_LINE_BYTES) {
      throw Failure.usage(
          "TXN: the document has more than %d bytes".formatted(Limits.MAX_LINE_BYTES),
          "Make several transactions of it.");
    }
    ParsedLine line = new CommandParser(Limits.MAX_VALUE_BYTES).parse(oneLine(document));
    if (line instanceof ParsedLine.Parsed parsed
        && parsed.request() instanceof Request.Change change) {
      return change;
    }
    if (line instanceof ParsedLine.Rejected rejected) {
      throw refused(rejected.failure());
    }
    throw new IllegalStateException("a TXN that is none: " + line);
  }

  private static byte[] bytes(String argument, InputStream standardInput)
      throws Failure, IOException {
    if (argument.stripLeading().startsWith("{")) {
      return argument.getBytes(StandardCharsets.UTF_8);
    }
    if (argument.equals(STANDARD_INPUT)) {
      return standardInput.readNBytes(Limits.MAX_LINE_BYTES + 1);
    }
    Path file = Where.path("DOCUMENT", argument);
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(Limits.MAX_LINE_BYTES + 1);
    } catch (IOException e) {
      throw Failure.of(
          ExitCode.USAGE,
          ErrorCode.BAD_REQUEST,
          "TXN: %s can't be read".formatted(file),
          List.of(String.valueOf(e)),
          "Give the path of a file, - for the standard input, or the document itself, which begins"
              + " with {.");
    }
  }

  private static Failure refused(Response.Failed failed) {
    return Failure.of(
        ExitCode.USAGE,
        failed.code(),
        "TXN: " + failed.message(),
        failed.detail() == null ? List.of() : List.of(failed.detail()),
        failed.hint());
  }

  /** The same without the white space between its parts, and with its command. */
  private static byte[] oneLine(byte[] document) throws Failure, IOException {
    JsonFactory factory =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    ByteArrayOutputStream line = new ByteArrayOutputStream(document.length + 32);
    try (JsonParser in = factory.createParser(document);
        JsonGenerator out = factory.createGenerator(line)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("it is no JSON object");
      }
      out.writeStartObject();
      out.writeStringField(COMMAND, "TXN");
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        member(in, out);
      }
      out.writeEndObject();
      if (in.nextToken() != null) {
        throw malformed("more follows the JSON object");
      }
    } catch (JsonProcessingException e) {
      throw malformed(where(e.getLocation()) + inShort(e.getOriginalMessage()));
    }
    return line.toByteArray();
  }

  private static String where(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : "line %d, column %d: ".formatted(location.getLineNr(), location.getColumnNr());
  }

  /** Without the place where the value began, which the parser words for programmers. */
  private static String inShort(String message) {
    int origin = message.indexOf(" [Source: ");
    int bracket = origin < 0 ? -1 : message.lastIndexOf(" (", origin);
    return bracket < 0 ? message : message.substring(0, bracket);
  }

  private static void member(JsonParser in, JsonGenerator out) throws Failure, IOException {
    String name = in.currentName();
    if (!MEMBERS.contains(name)) {
      throw malformed("it has the member \"%s\"".formatted(name));
    }
    in.nextToken();
    if (!name.equals(COMMAND)) {
      out.writeFieldName(name);
      out.copyCurrentStructure(in);
    } else if (!"TXN".equalsIgnoreCase(in.getText())) {
      throw malformed("its command is \"%s\"".formatted(in.getText()));
    }
  }

  private static Failure malformed(String why) {
    return Failure.of(
        ExitCode.USAGE,
        ErrorCode.BAD_REQUEST,
        "TXN: the document is not one",
        List.of(why),
        "It is one JSON object with the members compare, then and else.");
  }
}
