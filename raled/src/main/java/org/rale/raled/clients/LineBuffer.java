package org.rale.raled.clients;

import io.netty.buffer.ByteBuf;
import org.rale.request.Limits;

/**
 * Bytes as they came, and the lines in them. Each byte is looked at once, however small the pieces
 * are that it comes in. A line lies in {@link #array} from {@link #lineStart}, without its LF, and
 * stays there until the next call.
 */
final class LineBuffer {
  private static final int FIRST_BYTES = 4 << 10;
  private static final byte[] NOTHING = new byte[0];

  /** What became of {@link #next}. */
  enum Found {
    LINE,
    NO_LINE,
    TOO_LONG
  }

  private final MemoryBudget.Share share;
  private byte[] array = NOTHING;
  private int start;
  private int scanned;
  private int end;
  private int lineStart;
  private int lineLength;

  LineBuffer(MemoryBudget.Share share) {
    this.share = share;
  }

  byte[] array() {
    return array;
  }

  int lineStart() {
    return lineStart;
  }

  int lineLength() {
    return lineLength;
  }

  /** Bytes of lines not taken yet. */
  int size() {
    return end - start;
  }

  /** False where there is no memory for it; then the bytes are not taken. */
  boolean append(ByteBuf bytes) {
    int more = bytes.readableBytes();
    if (!makeRoom(more)) {
      return false;
    }
    bytes.readBytes(array, end, more);
    end += more;
    return true;
  }

  Found next() {
    while (scanned < end) {
      if (array[scanned++] == '\n') {
        lineStart = start;
        lineLength = scanned - 1 - start;
        start = scanned;
        return lineLength > Limits.MAX_LINE_BYTES ? Found.TOO_LONG : Found.LINE;
      }
    }
    if (size() > Limits.MAX_LINE_BYTES) {
      lineStart = start;
      lineLength = size();
      return Found.TOO_LONG;
    }
    if (start == end) {
      start = 0;
      scanned = 0;
      end = 0;
      if (array.length > ClientLimits.OWN_BYTES) {
        clear();
      }
    }
    return Found.NO_LINE;
  }

  /** Forgets everything and gives the memory back. */
  void clear() {
    start = 0;
    scanned = 0;
    end = 0;
    array = NOTHING;
    share.hold(0);
  }

  /** Gives memory back where nothing waits: a connection that only stays open costs no buffer. */
  void rest() {
    if (size() == 0) {
      clear();
    }
  }

  private boolean makeRoom(int more) {
    if (array.length - end >= more) {
      return true;
    }
    int needed = size() + more;
    int capacity = array.length;
    if (needed > capacity) {
      capacity =
          Math.max(Math.max(FIRST_BYTES, needed), Math.min(capacity * 2, capacity + (1 << 20)));
      if (!share.hold(capacity)) {
        return false;
      }
    }
    byte[] next = capacity == array.length ? array : new byte[capacity];
    System.arraycopy(array, start, next, 0, size());
    array = next;
    scanned -= start;
    end -= start;
    start = 0;
    return true;
  }
}
