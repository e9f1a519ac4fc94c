package org.rale.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rale.request.Response.Field;

/**
 * What a node has measured of its way to another one. Figures are of the way in use, and {@link
 * #UNKNOWN} where it has none.
 *
 * @param rttMicros round trip, smoothed
 * @param rttDeviationMicros how far it varies around that
 * @param jitterMicros how unevenly the other node's datagrams arrive
 * @param lossPermille of its last datagrams, 0 to 1000
 * @param lastContactMs since anything was heard of the other node, whichever way it came
 */
public record PathInfo(
    Use use,
    long rttMicros,
    long rttDeviationMicros,
    long jitterMicros,
    int lossPermille,
    long lastContactMs) {
  public static final int UNKNOWN = -1;

  /** Nothing is known, also not whether there is a way. */
  public static final PathInfo NOTHING = of(Use.UNKNOWN, UNKNOWN);

  /** What election and heartbeat messages go over. */
  public enum Use {
    UDP,
    TCP,
    NONE,
    UNKNOWN;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** A word that is not known, of a newer program, is {@link #UNKNOWN}. */
    public static Use of(String word) {
      for (Use use : values()) {
        if (use.word().equals(word)) {
          return use;
        }
      }
      return UNKNOWN;
    }
  }

  /** A way of which nothing was measured. */
  public static PathInfo of(Use use, long lastContactMs) {
    return new PathInfo(use, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, lastContactMs);
  }

  /** By the names that LIST and STATUS use, without what is not known. */
  List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    if (use != Use.UNKNOWN) {
      fields.add(Field.of("path", use.word()));
    }
    thousandths(fields, "rtt_ms", rttMicros);
    thousandths(fields, "jitter_ms", jitterMicros);
    thousandths(fields, "loss", lossPermille);
    if (lastContactMs != UNKNOWN) {
      fields.add(Field.of("last_contact_ms", lastContactMs));
    }
    return fields;
  }

  private static void thousandths(List<Field> into, String name, long value) {
    if (value != UNKNOWN) {
      into.add(new Field(name, thousandths(value), true));
    }
  }

  /** That many thousandths as a decimal number. Never negative. */
  public static String thousandths(long value) {
    return String.format(Locale.ROOT, "%d.%03d", value / 1000, value % 1000);
  }
}
