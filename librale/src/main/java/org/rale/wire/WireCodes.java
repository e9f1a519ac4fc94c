package org.rale.wire;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.MalformedException;

/**
 * The numbers that stand for the constants of an enum. They are the places in a list, from 0, so a
 * list may only grow at its end: an enum's own order may change, a protocol may not.
 */
final class WireCodes<E> {
  private final String what;
  private final List<E> constants;
  private final Map<E, Integer> codes = new HashMap<>();

  WireCodes(String what, List<E> constants) {
    this.what = what;
    this.constants = constants;
    for (int code = 0; code < constants.size(); code++) {
      codes.put(constants.get(code), code);
    }
  }

  void write(ByteWriter out, E constant) {
    Integer code = codes.get(constant);
    if (code == null) {
      throw new IllegalArgumentException(what + " " + constant + " has no number");
    }
    out.u8(code);
  }

  E read(ByteReader in) throws MalformedException {
    int code = in.u8();
    if (code >= constants.size()) {
      throw new MalformedException(what + " of unknown number " + code);
    }
    return constants.get(code);
  }
}
