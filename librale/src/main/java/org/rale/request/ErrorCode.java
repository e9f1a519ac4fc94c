package org.rale.request;

/** The failures that a client can tell apart. The names are part of the protocol. */
public enum ErrorCode {
  BAD_REQUEST,
  UNKNOWN_COMMAND,
  KEY_NOT_FOUND,
  KEY_TOO_LONG,
  VALUE_TOO_LARGE,
  LINE_TOO_LONG,
  REVISION_MISMATCH,
  NO_LEADER,
  TIMEOUT,
  UNKNOWN_OUTCOME,
  NOT_MEMBER,
  MEMBERSHIP_REFUSED,
  NODE_UNREACHABLE,
  FORBIDDEN,
  STORE_FULL,
  OVERLOADED,
  SHUTTING_DOWN,
  INTERNAL
}
