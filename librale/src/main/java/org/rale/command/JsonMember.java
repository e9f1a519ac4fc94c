package org.rale.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.StoreLimits;
import org.rale.request.Limits;

/** What a JSON request may hold. The names are part of the protocol. */
enum JsonMember {
  COMMAND(Type.TEXT),
  ID(Type.ANY),
  TIMEOUT_MS(1, 3_600_000),
  KEY(Type.TEXT),
  KEY_BASE64(Type.TEXT),
  VALUE(Type.TEXT),
  VALUE_BASE64(Type.TEXT),
  REVISION(0, Long.MAX_VALUE),
  LOCAL(Type.FLAG),
  PREFIX(Type.TEXT),
  PREFIX_BASE64(Type.TEXT),
  LIMIT(1, Limits.MAX_KEYS),
  NODE_ID(1, Limits.MAX_NODE_ID),
  NAME(Type.TEXT),
  IP(Type.TEXT),
  RALE_PORT(1, 65_535),
  DSTORE_PORT(1, 65_535),
  CLIENT_ID(Type.TEXT),
  SEQUENCE(1, Long.MAX_VALUE),
  ACKNOWLEDGED(0, Long.MAX_VALUE),
  RETRY(Type.FLAG),
  SINCE(0, Long.MAX_VALUE),
  BACKUP_ID(1, Long.MAX_VALUE),
  PIECE(0, Integer.MAX_VALUE),
  INCARNATION(Type.TEXT),
  LEADER_ID(-1, Limits.MAX_NODE_ID),
  TERM(0, Long.MAX_VALUE),
  COMPARE(Type.LIST),
  THEN(Type.LIST),
  ELSE(Type.LIST),
  OP(Type.TEXT),
  CREATED_REVISION(0, Long.MAX_VALUE),
  VERSION(0, Long.MAX_VALUE),
  EXISTS(Type.FLAG),
  LEASE(1, Long.MAX_VALUE),
  FROM(0, Long.MAX_VALUE),
  TTL_MS(StoreLimits.MIN_LEASE_TTL_MS, StoreLimits.MAX_LEASE_TTL_MS);

  /** What a member's value may be. */
  enum Type {
    TEXT("a string"),
    NUMBER("a whole number"),
    FLAG("true or false"),
    LIST("an array of objects"),
    ANY("any JSON value");

    private final String words;

    Type(String words) {
      this.words = words;
    }
  }

  private static final List<String> NAMES;
  private static final Map<String, JsonMember> BY_NAME;

  // By loops: ralectrl comes here in every call, and streams take milliseconds to be made ready.
  static {
    List<String> names = new ArrayList<>();
    Map<String, JsonMember> byName = new HashMap<>();
    for (JsonMember member : values()) {
      names.add(member.jsonName);
      byName.put(member.jsonName, member);
    }
    NAMES = List.copyOf(names);
    BY_NAME = Map.copyOf(byName);
  }

  private final Type type;
  private final String words;
  private final String jsonName;
  private final long least;
  private final long most;

  JsonMember(Type type) {
    this(type, type.words, 0, 0);
  }

  /** A number within these bounds. */
  JsonMember(long least, long most) {
    this(Type.NUMBER, Type.NUMBER.words + " from " + least + " to " + most, least, most);
  }

  JsonMember(Type type, String words, long least, long most) {
    this.type = type;
    this.words = words;
    this.jsonName = name().toLowerCase(Locale.ROOT);
    this.least = least;
    this.most = most;
  }

  Type type() {
    return type;
  }

  /** What its value may be, for people. */
  String words() {
    return words;
  }

  /** The number, which came as this member, if it is within the bounds. */
  long inRange(long number) throws RefusedException {
    return Arguments.number(jsonName, number, least, most);
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
