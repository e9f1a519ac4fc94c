package org.rale.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** Many PUTs over one connection, a bounded number of them under way. */
final class Load {
  private static final int OUTSTANDING = 512;

  private static final long PAUSE_NANOS = 100_000;

  private final byte[] value;
  private final int perSecond;

  /** As many as the node takes. */
  Load(int valueBytes) {
    this(valueBytes, Integer.MAX_VALUE);
  }

  /** A steady load, if the node takes so many. */
  Load(int valueBytes, int perSecond) {
    this.perSecond = perSecond;
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
    long start = System.nanoTime();
    long last = start;
    long longest = 0;
    for (int answered = from; answered < to; answered++) {
      int room = Math.min(to - sent, OUTSTANDING - (sent - answered));
      int more = Math.min(room, due(start) - (sent - from));
      while (more <= 0 && sent == answered) {
        LockSupport.parkNanos(PAUSE_NANOS);
        more = Math.min(room, due(start) - (sent - from));
        last = System.nanoTime();
      }
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

  /** How many are to be sent by now. */
  private int due(long start) {
    return (int) (1 + (System.nanoTime() - start) / 1e9 * perSecond);
  }
}
