package org.rale.dstore;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012), 64 bits.
 *
 * <p>It places keys in the table and sums up the state. The key is fixed and public, because every
 * node must come to the same state hash (S-19, S-20). So it is no secret that keeps collisions
 * away, but the mixing: no way is known to make keys collide in all 64 bits that is cheaper than
 * trying, which {@code Arrays.hashCode} can't say: there "Aa" and "BB" collide. What a collision
 * costs stands at {@link RowTable}.
 *
 * <p>An instance takes 64-bit words, and gives what {@link #of} gives for their little-endian
 * bytes.
 */
final class SipHash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The key of the algorithm's published example: bytes 0 to 15. */
  private static final long KEY_LOW = 0x0706050403020100L;

  private static final long KEY_HIGH = 0x0f0e0d0c0b0a0908L;

  private long v0 = KEY_LOW ^ 0x736f6d6570736575L;
  private long v1 = KEY_HIGH ^ 0x646f72616e646f6dL;
  private long v2 = KEY_LOW ^ 0x6c7967656e657261L;
  private long v3 = KEY_HIGH ^ 0x7465646279746573L;
  private int words;

  static long of(byte[] bytes) {
    SipHash hash = new SipHash();
    int whole = bytes.length & ~7;
    for (int i = 0; i < whole; i += 8) {
      hash.word((long) LONG.get(bytes, i));
    }
    long last = (long) bytes.length << 56;
    for (int i = whole; i < bytes.length; i++) {
      last |= (bytes[i] & 0xffL) << (8 * (i - whole));
    }
    hash.word(last);
    return hash.end();
  }

  SipHash add(long word) {
    word(word);
    words++;
    return this;
  }

  long finish() {
    word((long) words << 59);
    return end();
  }

  private void word(long word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }

  private long end() {
    v2 ^= 0xff;
    round();
    round();
    round();
    round();
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private void round() {
    v0 += v1;
    v2 += v3;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 = Long.rotateLeft(v2, 32);
  }
}
