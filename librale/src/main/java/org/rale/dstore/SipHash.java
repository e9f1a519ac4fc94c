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
 * costs stands at {@link HashIndex}.
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

  private static final long START_0 = KEY_LOW ^ 0x736f6d6570736575L;
  private static final long START_1 = KEY_HIGH ^ 0x646f72616e646f6dL;
  private static final long START_2 = KEY_LOW ^ 0x6c7967656e657261L;
  private static final long START_3 = KEY_HIGH ^ 0x7465646279746573L;

  private long v0 = START_0;
  private long v1 = START_1;
  private long v2 = START_2;
  private long v3 = START_3;
  private int words;

  static long of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  /**
   * The same as below, written out over local variables: this runs over each value that is written
   * or read back, and in the first second of a start before the compiler has come to it. It is also
   * long enough that the compiler does not put a copy into each of its callers, which took it a
   * fifth of its time then.
   */
  static long of(byte[] bytes, int from, int length) {
    long v0 = START_0;
    long v1 = START_1;
    long v2 = START_2;
    long v3 = START_3;
    int whole = from + (length & ~7);
    for (int i = from; i <= whole; i += 8) {
      long word = i < whole ? (long) LONG.get(bytes, i) : last(bytes, whole, from + length, length);
      v3 ^= word;
      v0 += v1;
      v2 += v3;
      v1 = (v1 << 13 | v1 >>> 51) ^ v0;
      v3 = (v3 << 16 | v3 >>> 48) ^ v2;
      v0 = v0 << 32 | v0 >>> 32;
      v2 += v1;
      v0 += v3;
      v1 = (v1 << 17 | v1 >>> 47) ^ v2;
      v3 = (v3 << 21 | v3 >>> 43) ^ v0;
      v2 = v2 << 32 | v2 >>> 32;
      v0 += v1;
      v2 += v3;
      v1 = (v1 << 13 | v1 >>> 51) ^ v0;
      v3 = (v3 << 16 | v3 >>> 48) ^ v2;
      v0 = v0 << 32 | v0 >>> 32;
      v2 += v1;
      v0 += v3;
      v1 = (v1 << 17 | v1 >>> 47) ^ v2;
      v3 = (v3 << 21 | v3 >>> 43) ^ v0;
      v2 = v2 << 32 | v2 >>> 32;
      v0 ^= word;
    }
    return end(v0, v1, v2, v3);
  }

  /** What is behind the whole words, below the number of bytes. */
  private static long last(byte[] bytes, int whole, int end, int length) {
    long last = (long) length << 56;
    for (int i = whole; i < end; i++) {
      last |= (bytes[i] & 0xffL) << (8 * (i - whole));
    }
    return last;
  }

  SipHash add(long word) {
    word(word);
    words++;
    return this;
  }

  long finish() {
    word((long) words << 59);
    return end(v0, v1, v2, v3);
  }

  private void word(long word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }

  private static long end(long v0, long v1, long v2, long v3) {
    long a = v0;
    long b = v1;
    long c = v2 ^ 0xff;
    long d = v3;
    for (int round = 0; round < 4; round++) {
      a += b;
      c += d;
      b = Long.rotateLeft(b, 13) ^ a;
      d = Long.rotateLeft(d, 16) ^ c;
      a = Long.rotateLeft(a, 32);
      c += b;
      a += d;
      b = Long.rotateLeft(b, 17) ^ c;
      d = Long.rotateLeft(d, 21) ^ a;
      c = Long.rotateLeft(c, 32);
    }
    return a ^ b ^ c ^ d;
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
