package org.rale.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Many PUTs over one connection, a fixed number of them under way. */
final class Load {
  private static final int OUTSTANDING = 512;

  private final byte[] value;

  Load(int valueBytes) {
    value = " ".concat("x".repeat(valueBytes)).concat("\n").getBytes(StandardCharsets.US_ASCII);
  }

  static String key(int number) {
    return String.format(java.util.Locale.ROOT, "key%08d", number);
  }

  /**
   * Puts the keys from one number up to another; fails where one is refused. Returns the longest
   * time without a reply, in milliseconds.
   */
  double put(Client client, int from, int to) throws IOException {
    int sent = from;
    long last = System.nanoTime();
    long longest = 0;
    for (int answered = from; answered < to; answered++) {
      int more = Math.min(to - sent, OUTSTANDING - (sent - answered));
      if (more >= OUTSTANDING / 4 || sent == answered) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(more * (value.length + 16));
        for (int end = sent + more; sent < end; sent++) {
          out.writeBytes(("PUT " + key(sent)).getBytes(StandardCharsets.US_ASCII));
          out.writeBytes(value);
        }
        client.sendRaw(out.toByteArray());
      }
      String reply = client.reply();
      if (!reply.startsWith("OK: ")) {
        throw new IOException(key(answered) + ": " + reply);
      }
      long now = System.nanoTime();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return longest / 1e6;
  }
}
