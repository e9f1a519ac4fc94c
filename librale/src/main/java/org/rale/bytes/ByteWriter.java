package org.rale.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing buffer of big-endian numbers and byte strings. Reusable after {@link #clear}. */
public final class ByteWriter {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] array;
  private int size;

  public ByteWriter() {
    this(256);
  }

  public ByteWriter(int capacity) {
    array = new byte[Math.max(16, capacity)];
  }

  public ByteWriter u8(int value) {
    reserve(1);
    array[size++] = (byte) value;
    return this;
  }

  public ByteWriter bool(boolean value) {
    return u8(value ? 1 : 0);
  }

  public ByteWriter u16(int value) {
    reserve(2);
    array[size++] = (byte) (value >>> 8);
    array[size++] = (byte) value;
    return this;
  }

  public ByteWriter i32(int value) {
    reserve(4);
    INT.set(array, size, value);
    size += 4;
    return this;
  }

  public ByteWriter i64(long value) {
    reserve(8);
    LONG.set(array, size, value);
    size += 8;
    return this;
  }

  /** The bytes alone, without their length. */
  public ByteWriter raw(Bytes bytes) {
    reserve(bytes.length());
    bytes.copyTo(array, size);
    size += bytes.length();
    return this;
  }

  public ByteWriter raw(byte[] bytes, int offset, int length) {
    reserve(length);
    System.arraycopy(bytes, offset, array, size, length);
    size += length;
    return this;
  }

  /** A 32-bit length, then the bytes. */
  public ByteWriter bytes(Bytes bytes) {
    return i32(bytes.length()).raw(bytes);
  }

  /** A 32-bit length, then the text as UTF-8. */
  public ByteWriter text(String text) {
    return bytes(Bytes.utf8(text));
  }

  /** Puts a number over four bytes that were written before, such as a length known only later. */
  public void setI32(int position, int value) {
    if (position < 0 || position + 4 > size) {
      throw new IndexOutOfBoundsException("position " + position + " of " + size);
    }
    INT.set(array, position, value);
  }

  public int size() {
    return size;
  }

  public void clear() {
    size = 0;
  }

  public Bytes toBytes() {
    return Bytes.copyOf(array, 0, size);
  }

  /** The buffer itself, valid up to {@link #size} and until the next write. */
  public byte[] array() {
    return array;
  }

  private void reserve(int more) {
    if (array.length - size < more) {
      array = Arrays.copyOf(array, Math.max(Math.addExact(size, more), size + (size >> 1)));
    }
  }
}
