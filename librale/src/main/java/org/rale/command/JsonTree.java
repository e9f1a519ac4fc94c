package org.rale.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rale.bytes.MalformedException;

/** A small tree of JSON: objects are maps in the order of their members, arrays are lists. */
final class JsonTree {
  /** A number as it was written. */
  record Numeral(String text) {}

  /** The null of JSON. */
  record Null() {}

  private final JsonFactory factory = Json.factory();

  /** Reads one object. */
  Map<String, Object> object(byte[] line) throws MalformedException {
    try (JsonParser parser = factory.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedException("a reply that is no JSON object");
      }
      Map<String, Object> object = members(parser);
      if (parser.nextToken() != null) {
        throw new MalformedException("more follows the JSON object");
      }
      return object;
    } catch (JsonProcessingException e) {
      throw new MalformedException("malformed JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new MalformedException("malformed JSON: " + e.getMessage());
    }
  }

  private static Map<String, Object> members(JsonParser parser) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, value(parser));
    }
    return members;
  }

  private static List<Object> elements(JsonParser parser) throws IOException {
    List<Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(parser));
    }
    return elements;
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> members(parser);
      case START_ARRAY -> elements(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(parser.getText());
      default -> new Null();
    };
  }
}
