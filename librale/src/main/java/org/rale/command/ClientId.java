package org.rale.command;

import java.util.HexFormat;
import java.util.List;

/** A client's 128-bit id: 32 hexadecimal digits, or the same with the hyphens of a UUID. */
record ClientId(long high, long low) {
  /** The members that say something only together with a client id. */
  static final List<JsonMember> MEMBERS =
      List.of(JsonMember.SEQUENCE, JsonMember.ACKNOWLEDGED, JsonMember.RETRY, JsonMember.SINCE);

  static ClientId parse(String text) throws RefusedException {
    String digits = text.length() == 36 ? withoutHyphens(text) : text;
    if (digits.length() == 32 && digits.chars().allMatch(HexFormat::isHexDigit)) {
      ClientId id =
          new ClientId(
              HexFormat.fromHexDigitsToLong(digits, 0, 16),
              HexFormat.fromHexDigitsToLong(digits, 16, 32));
      if (id.high != 0 || id.low != 0) {
        return id;
      }
    }
    throw RefusedException.badRequest(
        "'" + Arguments.shown(text) + "' is no client_id",
        "draw 128 random bits, not all of them 0, and write them as 32 hexadecimal digits");
  }

  private static String withoutHyphens(String uuid) {
    StringBuilder digits = new StringBuilder(32);
    for (int i = 0; i < uuid.length(); i++) {
      boolean place = i == 8 || i == 13 || i == 18 || i == 23;
      if (!place || uuid.charAt(i) != '-') {
        digits.append(uuid.charAt(i));
      }
    }
    return digits.toString();
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
