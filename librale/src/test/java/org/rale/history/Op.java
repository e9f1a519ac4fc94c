package org.rale.history;

import org.jspecify.annotations.Nullable;

/** What a client asked of one key, and what it was told. */
public final class Op {
  public enum Kind {
    PUT,
    CAS,
    DELETE,
    GET,
    EXISTS
  }

  public static final long OPEN = Long.MAX_VALUE;

  public final int client;
  public final Kind kind;
  public final String key;

  /** PUT, CAS: what was to be written, never twice by anybody. GET: what was read. */
  public @Nullable String value;

  /** CAS: the revision it asked for. */
  public final long expected;

  public final long from;
  public long to = OPEN;

  /** The revision told: of the write, or of what was read, or of the mismatch. */
  public long revision;

  /** Whether it did (CAS, DELETE), or found the key (GET, EXISTS). */
  public boolean yes;

  public Op(int client, Kind kind, String key, @Nullable String value, long expected, long from) {
    this.client = client;
    this.kind = kind;
    this.key = key;
    this.value = value;
    this.expected = expected;
    this.from = from;
  }

  /** Nobody was told what became of it. */
  public boolean isOpen() {
    return to == OPEN;
  }

  @Override
  public String toString() {
    return "client "
        + client
        + " "
        + kind
        + " "
        + key
        + (value == null ? "" : "=" + value)
        + (kind == Kind.CAS ? " expecting " + expected : "")
        + " from "
        + from / 1000.0
        + (isOpen() ? " open" : " to " + to / 1000.0 + (yes ? " yes" : " no") + " @" + revision);
  }
}
