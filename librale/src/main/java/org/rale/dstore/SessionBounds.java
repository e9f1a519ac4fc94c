package org.rale.dstore;

/**
 * How much is remembered of clients; {@link StoreLimits} says what each means. Tests use small
 * ones.
 */
record SessionBounds(int sessions, int sessionOutcomes, int outcomes) {
  static final SessionBounds DEFAULT =
      new SessionBounds(
          StoreLimits.MAX_SESSIONS, StoreLimits.MAX_SESSION_OUTCOMES, StoreLimits.MAX_OUTCOMES);

  SessionBounds {
    // A full window of the client in use must fit, so that making room never takes its own
    if (sessions < 1 || sessionOutcomes < 1 || outcomes < sessionOutcomes) {
      throw new IllegalArgumentException("bounds that hold nothing");
    }
  }
}
