package org.rale.command;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a JSON request may hold. The names are part of the protocol. */
enum JsonMember {
  COMMAND(Type.TEXT),
  ID(Type.ANY),
  TIMEOUT_MS(Type.NUMBER),
  KEY(Type.TEXT),
  KEY_BASE64(Type.TEXT),
  VALUE(Type.TEXT),
  VALUE_BASE64(Type.TEXT),
  REVISION(Type.NUMBER),
  LOCAL(Type.FLAG),
  PREFIX(Type.TEXT),
  PREFIX_BASE64(Type.TEXT),
  LIMIT(Type.NUMBER),
  NODE_ID(Type.NUMBER),
  NAME(Type.TEXT),
  IP(Type.TEXT),
  RALE_PORT(Type.NUMBER),
  DSTORE_PORT(Type.NUMBER),
  CLIENT_ID(Type.TEXT),
  SEQUENCE(Type.NUMBER),
  ACKNOWLEDGED(Type.NUMBER),
  RETRY(Type.FLAG),
  SINCE(Type.NUMBER);

  /** What a member's value may be. */
  enum Type {
    TEXT("a string"),
    NUMBER("a whole number from 0 to 9223372036854775807"),
    FLAG("true or false"),
    ANY("any JSON value");

    private final String words;

    Type(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  private static final List<String> NAMES = Stream.of(values()).map(JsonMember::jsonName).toList();
  private static final Map<String, JsonMember> BY_NAME =
      Stream.of(values())
          .collect(Collectors.toUnmodifiableMap(JsonMember::jsonName, member -> member));

  private final Type type;
  private final String jsonName;

  JsonMember(Type type) {
    this.type = type;
    this.jsonName = name().toLowerCase(Locale.ROOT);
  }

  Type type() {
    return type;
  }

  String jsonName() {
    return jsonName;
  }

  /** Whether every request may hold it. */
  boolean isCommon() {
    return this == COMMAND || this == ID || this == TIMEOUT_MS;
  }

  static List<String> names() {
    return NAMES;
  }

  static @Nullable JsonMember find(String name) {
    return BY_NAME.get(name);
  }
}
