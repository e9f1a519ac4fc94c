package org.rale.clusterdb;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** A file of {@link VirtualStorage}, whatever its name: what is read, and what is durable of it. */
final class VirtualInode {
  private static final int SECTOR_BYTES = 512;
  private static final int PAGE_BYTES = 4096;

  /** Bytes that grow. */
  private static final class Content {
    private byte[] array = new byte[0];
    private int size;

    void write(long position, byte[] bytes) {
      int end = Math.toIntExact(position + bytes.length);
      if (array.length < end) {
        array = Arrays.copyOf(array, Math.max(end, array.length + (array.length >> 1)));
      }
      System.arraycopy(bytes, 0, array, (int) position, bytes.length);
      size = Math.max(size, end);
    }

    void truncate(long to) {
      if (to < size) {
        Arrays.fill(array, (int) to, size, (byte) 0);
        size = (int) to;
      }
    }

    byte[] bytes() {
      return Arrays.copyOf(array, size);
    }
  }

  /**
   * A write, or a truncation, that is not durable.
   *
   * @param bytes null for a truncation
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Pending(long position, byte[] bytes) {
    void applyTo(Content content) {
      if (bytes == null) {
        content.truncate(position);
      } else {
        content.write(position, bytes);
      }
    }
  }

  private final Content content = new Content();
  private final Content durable = new Content();
  private final List<Pending> pending = new ArrayList<>();
  private boolean rotten;

  /** A file that is durable as a whole. */
  static VirtualInode durable(byte[] bytes) {
    VirtualInode inode = new VirtualInode();
    inode.content.write(0, bytes);
    inode.durable.write(0, bytes);
    return inode;
  }

  int size() {
    return content.size;
  }

  byte[] bytes() {
    return content.bytes();
  }

  /** What a power loss would leave, at the least. */
  byte[] durableBytes() {
    return durable.bytes();
  }

  int read(long position, ByteBuffer target) {
    int length = (int) Math.max(0, Math.min(target.remaining(), content.size - position));
    target.put(content.array, (int) Math.min(position, content.size), length);
    return length;
  }

  void write(long position, byte[] bytes) {
    change(new Pending(position, bytes));
  }

  void truncate(long size) {
    change(new Pending(size, null));
  }

  private void change(Pending change) {
    change.applyTo(content);
    pending.add(change);
  }

  void sync() {
    pending.forEach(change -> change.applyTo(durable));
    pending.clear();
  }

  /** What waits for a sync is read as long as the machine lives, and never becomes durable. */
  void dropPending() {
    pending.clear();
  }

  /** Flips the bits of the mask, on the disk and in what is read of it. */
  void flip(int offset, int mask) {
    content.array[offset] ^= (byte) mask;
    durable.array[offset] ^= (byte) mask;
    rotten = true;
  }

  boolean isRotten() {
    return rotten;
  }

  /** Returns how many writes and truncations were lost, each as a whole or in part. */
  int powerLoss(VirtualStorage.Survival survival, RandomGenerator random) {
    int lost = 0;
    if (survival == VirtualStorage.Survival.EVERYTHING) {
      sync();
    } else if (survival == VirtualStorage.Survival.SOME) {
      int grain = random.nextBoolean() ? SECTOR_BYTES : PAGE_BYTES;
      int survivors = random.nextInt(101);
      for (Pending change : pending) {
        lost += survivesAsAWhole(change, grain, survivors, random) ? 0 : 1;
      }
    } else {
      lost = pending.size();
    }
    pending.clear();
    byte[] kept = durable.bytes();
    content.truncate(0);
    content.write(0, kept);
    return lost;
  }

  private boolean survivesAsAWhole(
      Pending change, int grain, int survivors, RandomGenerator random) {
    if (change.bytes == null) {
      boolean survives = random.nextInt(100) < survivors;
      if (survives) {
        change.applyTo(durable);
      }
      return survives;
    }
    boolean whole = true;
    int done = 0;
    while (done < change.bytes.length) {
      long at = change.position + done;
      int length = (int) Math.min(change.bytes.length - done, grain - at % grain);
      if (random.nextInt(100) < survivors) {
        durable.write(at, Arrays.copyOfRange(change.bytes, done, done + length));
      } else {
        whole = false;
      }
      done += length;
    }
    return whole;
  }
}
