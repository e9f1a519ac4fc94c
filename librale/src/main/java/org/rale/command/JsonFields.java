package org.rale.command;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.StoreLimits;
import org.rale.request.ErrorCode;
import org.rale.request.Response.Failed;
import org.rale.typo.Nearest;

/**
 * The members of one JSON request as they came. What is wrong with them is kept until the whole
 * object is read: the {@code id} may stand behind the fault, and the reply must carry it.
 */
final class JsonFields {
  /** The longest {@code id}, in bytes: it is sent back with every reply. */
  static final int MAX_ID_BYTES = 1024;

  private final byte[] line;

  /** An element of a list, which has no lists itself: so the line's length bounds what is kept. */
  private final boolean nested;

  private final Map<JsonMember, Object> values = new EnumMap<>(JsonMember.class);
  private @Nullable Failed fault;

  JsonFields(byte[] line) {
    this(line, /* nested= */ false);
  }

  private JsonFields(byte[] line, boolean nested) {
    this.line = line;
    this.nested = nested;
  }

  /** Reads a member's value; the parser stands on its name. */
  void read(JsonParser parser) throws IOException {
    String name = parser.currentName();
    JsonToken token = parser.nextToken();
    JsonMember member = JsonMember.find(name);
    if (member == null) {
      parser.skipChildren();
      fault(
          "unknown member '" + Arguments.shown(name) + "'",
          Nearest.to(name, JsonMember.names())
              .map(known -> "did you mean '" + known + "'?")
              .orElse("docs/PROTOCOL.md lists the members"));
      return;
    }
    if (values.containsKey(member)) {
      fault("member '" + name + "' stands twice", "leave one of them out");
    }
    Object value = member == JsonMember.ID ? id(parser) : value(member, token, parser);
    if (value == null) {
      parser.skipChildren();
      fault("member '" + name + "' has the wrong type", "it is " + member.words());
    } else {
      values.put(member, value);
    }
  }

  private @Nullable Object value(JsonMember member, JsonToken token, JsonParser parser)
      throws IOException {
    return switch (member.type()) {
      case TEXT -> token == JsonToken.VALUE_STRING ? parser.getText() : null;
      case FLAG -> token.isBoolean() ? (Object) parser.getBooleanValue() : null;
      case NUMBER -> {
        boolean fits =
            token == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        yield fits ? (Object) parser.getLongValue() : null;
      }
      case LIST -> token == JsonToken.START_ARRAY && !nested ? list(member, parser) : null;
      case ANY -> throw new IllegalStateException(member + " is read elsewhere");
    };
  }

  private List<JsonFields> list(JsonMember member, JsonParser parser) throws IOException {
    List<JsonFields> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (elements.size() == StoreLimits.MAX_TXN_PARTS) {
        parser.skipChildren();
        fault(
            "'" + member.jsonName() + "' has more than " + elements.size() + " elements",
            "send several requests");
      } else if (parser.currentToken() != JsonToken.START_OBJECT) {
        parser.skipChildren();
        fault(
            "'" + member.jsonName() + "' has an element that is no object",
            "it is " + member.words());
      } else {
        JsonFields element = new JsonFields(line, /* nested= */ true);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          element.read(parser);
        }
        elements.add(element);
      }
    }
    return elements;
  }

  /** The id's own bytes, so that 1.0 comes back as 1.0. */
  private String id(JsonParser parser) throws IOException {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int to = (int) parser.currentLocation().getByteOffset();
    if (to - from > MAX_ID_BYTES) {
      fault("the id has " + (to - from) + " bytes", "it has at most " + MAX_ID_BYTES);
      return "null";
    }
    String id = new String(line, from, to - from, StandardCharsets.UTF_8);
    // A tab can only stand between tokens here: inside a string it is no JSON.
    return Utf8.oneLine(id.replace('\t', ' '));
  }

  /** Remembers the first thing that is wrong. */
  void fault(String message, String hint) {
    if (fault == null) {
      fault = Failed.of(ErrorCode.BAD_REQUEST, message, hint);
    }
  }

  void throwFault() throws RefusedException {
    if (fault != null) {
      throw new RefusedException(fault);
    }
  }

  /** The id as JSON; null where none came. */
  @Nullable String id() {
    return text(JsonMember.ID);
  }

  boolean has(JsonMember member) {
    return values.containsKey(member);
  }

  /** Refuses members that the command has no use for. */
  void allowOnly(Verb verb) throws RefusedException {
    for (JsonMember member : values.keySet()) {
      if (!member.isCommon() && !verb.members().contains(member)) {
        throw RefusedException.badRequest(
            verb + " does not take '" + member.jsonName() + "'", members(verb));
      }
    }
  }

  /** Refuses what is no member of an element; {@code what} is that for people. */
  void allowOnly(String what, List<JsonMember> members) throws RefusedException {
    throwFault();
    for (JsonMember member : values.keySet()) {
      if (!members.contains(member)) {
        throw RefusedException.badRequest(
            what + " does not take '" + member.jsonName() + "'",
            "it takes " + String.join(", ", members.stream().map(JsonMember::jsonName).toList()));
      }
    }
  }

  /** The elements of a list; none where it is left out. */
  @SuppressWarnings("unchecked") // what list() made
  List<JsonFields> elements(JsonMember member) {
    return (List<JsonFields>) values.getOrDefault(member, List.of());
  }

  private static String members(Verb verb) {
    return verb.members().isEmpty()
        ? "it takes no members of its own"
        : "it takes "
            + String.join(", ", verb.members().stream().map(JsonMember::jsonName).toList());
  }

  @Nullable String text(JsonMember member) {
    return (String) values.get(member);
  }

  String requiredText(JsonMember member) throws RefusedException {
    String text = text(member);
    if (text == null) {
      throw missing(member);
    }
    return text;
  }

  long number(JsonMember member, long otherwise) throws RefusedException {
    Long number = (Long) values.get(member);
    return number == null ? otherwise : member.inRange(number);
  }

  long requiredNumber(JsonMember member) throws RefusedException {
    Long number = (Long) values.get(member);
    if (number == null) {
      throw missing(member);
    }
    return member.inRange(number);
  }

  boolean flag(JsonMember member) {
    return Boolean.TRUE.equals(values.get(member));
  }

  private static RefusedException missing(JsonMember member) {
    return RefusedException.badRequest(
        "member '" + member.jsonName() + "' is missing", "it is " + member.words());
  }
}
