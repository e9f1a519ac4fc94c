package org.rale.command;

import static org.rale.command.JsonMember.ACKNOWLEDGED;
import static org.rale.command.JsonMember.BACKUP_ID;
import static org.rale.command.JsonMember.CLIENT_ID;
import static org.rale.command.JsonMember.COMPARE;
import static org.rale.command.JsonMember.DSTORE_PORT;
import static org.rale.command.JsonMember.ELSE;
import static org.rale.command.JsonMember.FROM;
import static org.rale.command.JsonMember.INCARNATION;
import static org.rale.command.JsonMember.IP;
import static org.rale.command.JsonMember.KEY;
import static org.rale.command.JsonMember.KEY_BASE64;
import static org.rale.command.JsonMember.LEADER_ID;
import static org.rale.command.JsonMember.LEASE;
import static org.rale.command.JsonMember.LIMIT;
import static org.rale.command.JsonMember.LOCAL;
import static org.rale.command.JsonMember.NAME;
import static org.rale.command.JsonMember.NODE_ID;
import static org.rale.command.JsonMember.PIECE;
import static org.rale.command.JsonMember.PREFIX;
import static org.rale.command.JsonMember.PREFIX_BASE64;
import static org.rale.command.JsonMember.RALE_PORT;
import static org.rale.command.JsonMember.RETRY;
import static org.rale.command.JsonMember.REVISION;
import static org.rale.command.JsonMember.SEQUENCE;
import static org.rale.command.JsonMember.SINCE;
import static org.rale.command.JsonMember.TERM;
import static org.rale.command.JsonMember.THEN;
import static org.rale.command.JsonMember.TTL_MS;
import static org.rale.command.JsonMember.VALUE;
import static org.rale.command.JsonMember.VALUE_BASE64;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands, the busiest first. */
enum Verb {
  GET("GET key [LOCAL]", KEY, KEY_BASE64, LOCAL),
  PUT(
      "PUT key value",
      KEY,
      KEY_BASE64,
      VALUE,
      VALUE_BASE64,
      LEASE,
      CLIENT_ID,
      SEQUENCE,
      ACKNOWLEDGED,
      RETRY,
      SINCE),
  CAS(
      "CAS key revision value",
      KEY,
      KEY_BASE64,
      REVISION,
      VALUE,
      VALUE_BASE64,
      LEASE,
      CLIENT_ID,
      SEQUENCE,
      ACKNOWLEDGED,
      RETRY,
      SINCE),
  DELETE("DELETE key", KEY, KEY_BASE64, CLIENT_ID, SEQUENCE, ACKNOWLEDGED, RETRY, SINCE),
  KEYS("KEYS [prefix]", PREFIX, PREFIX_BASE64, LIMIT),
  WATCH("WATCH [prefix] [FROM revision [timeout_ms]]", PREFIX, PREFIX_BASE64, FROM),
  WAIT("WAIT key [revision [timeout_ms]]", KEY, KEY_BASE64, REVISION),
  TXN("TXN (in JSON)", COMPARE, THEN, ELSE, CLIENT_ID, SEQUENCE, ACKNOWLEDGED, RETRY, SINCE),
  LEASE_GRANT("LEASE GRANT ttl", TTL_MS, CLIENT_ID, SEQUENCE, ACKNOWLEDGED, RETRY, SINCE),
  LEASE_KEEPALIVE("LEASE KEEPALIVE lease", LEASE),
  LEASE_REVOKE("LEASE REVOKE lease", LEASE, CLIENT_ID, SEQUENCE, ACKNOWLEDGED, RETRY, SINCE),
  LEASE_LIST("LEASE LIST"),
  LEASE_PUT("LEASE PUT lease key value"),
  PING("PING"),
  STATUS("STATUS"),
  LIST("LIST"),
  ADD("ADD id name ip rale_port dstore_port", NODE_ID, NAME, IP, RALE_PORT, DSTORE_PORT),
  REMOVE("REMOVE id", NODE_ID, INCARNATION),
  TRANSFER("TRANSFER [id]", NODE_ID),
  WATCH_LEADER("WATCH-LEADER [leader_id term [timeout_ms]]", LEADER_ID, TERM),
  BACKUP("BACKUP [LOCAL], BACKUP backup_id piece", LOCAL, BACKUP_ID, PIECE),
  STOP("STOP"),
  KEEP_ALIVE("KEEP_ALIVE"),
  HELP("HELP");

  /** The first of two words. */
  static final String LEASE_WORD = "LEASE";

  private static final String LEASE_PREFIX = LEASE_WORD + "_";
  private static final List<Verb> ALL = List.of(values());
  private static final List<String> NAMES = names(ALL);

  private final String usage;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<JsonMember> members;

  Verb(String usage, JsonMember... members) {
    this.usage = usage;
    this.members = List.of(members);
  }

  /** The word, or the two, that stand for it in both forms of the protocol. */
  @Override
  public String toString() {
    if (isOfLease()) {
      return LEASE_WORD + " " + secondWord();
    }
    return this == WATCH_LEADER ? "WATCH-LEADER" : name();
  }

  private boolean isOfLease() {
    return name().startsWith(LEASE_PREFIX);
  }

  private String secondWord() {
    return name().substring(LEASE_PREFIX.length());
  }

  /** How the command is written as text. */
  String usage() {
    return usage;
  }

  /** What a JSON request of this command may hold beside the members that any may hold. */
  List<JsonMember> members() {
    return members;
  }

  private static List<String> names(List<Verb> verbs) {
    List<String> names = new ArrayList<>();
    for (Verb verb : verbs) {
      names.add(verb.toString());
    }
    return List.copyOf(names);
  }

  static List<Verb> all() {
    return ALL;
  }

  static List<String> names() {
    return NAMES;
  }

  /** The verb that these bytes are, in any case; null where they are none. */
  static @Nullable Verb find(byte[] array, int from, int to) {
    for (int i = 0; i < NAMES.size(); i++) {
      if (matches(NAMES.get(i), array, from, to)) {
        return ALL.get(i);
      }
    }
    return null;
  }

  /** The verb of leases whose second word this is, in any case; null where it is none. */
  static @Nullable Verb findOfLease(byte[] array, int from, int to) {
    for (Verb verb : ALL) {
      if (verb.isOfLease() && matches(verb.secondWord(), array, from, to)) {
        return verb;
      }
    }
    return null;
  }

  static @Nullable Verb find(String word) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    return find(bytes, 0, bytes.length);
  }

  /** Whether the bytes are the word, which is upper case, in any case. */
  static boolean matches(String word, byte[] array, int from, int to) {
    if (word.length() != to - from) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      int c = array[from + i];
      if (word.charAt(i) != (c >= 'a' && c <= 'z' ? c - 32 : c)) {
        return false;
      }
    }
    return true;
  }
}
