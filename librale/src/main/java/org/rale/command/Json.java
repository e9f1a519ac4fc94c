package org.rale.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import org.rale.request.Limits;

/** How strangers' JSON is read. */
final class Json {
  /** Deep enough for any request and reply, and for an {@code id} that somebody nests. */
  private static final int MAX_DEPTH = 32;

  private static final int MAX_NUMBER_CHARS = 64;

  private Json() {}

  /** A factory for one owner: it remembers the member names that it has met. */
  static JsonFactory factory() {
    return JsonFactory.builder()
        .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxNumberLength(MAX_NUMBER_CHARS)
                .maxNameLength(Limits.MAX_LINE_BYTES)
                .build())
        .build();
  }
}
