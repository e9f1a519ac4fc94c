package org.rale.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link ByteWriter} wrote. A length is compared with what is left and with the caller's
 * bound before memory is taken (S-17); whatever is wrong ends in {@link MalformedException}.
 */
public final class ByteReader {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] array;
  private final int end;
  private int position;

  public ByteReader(byte[] array) {
    this(array, 0, array.length);
  }

  public ByteReader(byte[] array, int offset, int length) {
    if (offset < 0 || length < 0 || length > array.length - offset) {
      throw new IndexOutOfBoundsException(offset + "+" + length + " of " + array.length);
    }
    this.array = array;
    this.position = offset;
    this.end = offset + length;
  }

  public ByteReader(Bytes bytes) {
    this(bytes.shared());
  }

  public int remaining() {
    return end - position;
  }

  public int u8() throws MalformedException {
    need(1);
    return array[position++] & 0xff;
  }

  public boolean bool() throws MalformedException {
    int value = u8();
    if (value > 1) {
      throw new MalformedException("a truth value of " + value);
    }
    return value == 1;
  }

  public int u16() throws MalformedException {
    return (u8() << 8) | u8();
  }

  public int i32() throws MalformedException {
    need(4);
    int value = (int) INT.get(array, position);
    position += 4;
    return value;
  }

  public long i64() throws MalformedException {
    need(8);
    long value = (long) LONG.get(array, position);
    position += 8;
    return value;
  }

  /** A number from 0 to {@code max}: a count, a length or an id. */
  public int count(int max) throws MalformedException {
    int value = i32();
    if (value < 0 || value > max) {
      throw new MalformedException("a count of " + value + " where at most " + max + " may stand");
    }
    return value;
  }

  /** A 64-bit number that is never negative: a term, a log index, a revision. */
  public long position() throws MalformedException {
    long value = i64();
    if (value < 0) {
      throw new MalformedException("a negative position " + value);
    }
    return value;
  }

  public Bytes raw(int length) throws MalformedException {
    need(length);
    Bytes bytes = Bytes.copyOf(array, position, length);
    position += length;
    return bytes;
  }

  /** A 32-bit length of at most {@code max}, then the bytes. */
  public Bytes bytes(int max) throws MalformedException {
    return raw(count(max));
  }

  /** A 32-bit length in bytes of at most {@code max}, then UTF-8 text. */
  public String text(int max) throws MalformedException {
    int length = count(max);
    need(length);
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(array, position, length))
              .toString();
      position += length;
      return text;
    } catch (CharacterCodingException e) {
      throw new MalformedException("text that is not UTF-8");
    }
  }

  public void finish() throws MalformedException {
    if (position != end) {
      throw new MalformedException(remaining() + " bytes too many");
    }
  }

  private void need(int length) throws MalformedException {
    if (length < 0 || length > end - position) {
      throw new MalformedException(
          "cut short: " + length + " bytes wanted, " + remaining() + " left");
    }
  }
}
