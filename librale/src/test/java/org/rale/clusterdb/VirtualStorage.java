package org.rale.clusterdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A directory in memory that is as bad as a disk may be.
 *
 * <ul>
 *   <li>What was written since the last sync of its file survives a power loss in any mixture of
 *       512-byte sectors, or of whole 4 KiB pages, or not at all; a truncation likewise.
 *   <li>Creations, renames and deletions survive as far as they came before the last sync of the
 *       directory; of the later ones a prefix does (file systems keep a journal).
 *   <li>A sync that failed has thrown away what it was to make durable: it is still read, but no
 *       later sync writes it (what Linux did to PostgreSQL in 2018, S-03).
 *   <li>A write that failed has happened in part.
 * </ul>
 *
 * <p>Each call of the port is one operation, counted from 1 since the last {@link #resetCount};
 * reads and questions are counted too. Chance comes from the generator: the same seed, the same
 * disaster. One thread.
 */
public final class VirtualStorage implements Storage {
  private static final int SECTOR_BYTES = 512;
  private static final int PAGE_BYTES = 4096;

  /** One call of the port, as a script of {@link #record} shows it. */
  record Operation(Kind kind, String name, long position, long length) {}

  enum Kind {
    EXISTS,
    OPEN,
    RENAME,
    DELETE,
    SYNC_DIRECTORY,
    SIZE,
    READ,
    WRITE,
    TRUNCATE,
    SYNC,
    CLOSE
  }

  /** How much of what was not durable a power loss leaves. */
  public enum Survival {
    NOTHING,
    EVERYTHING,
    /** Anything in between, by chance. */
    SOME
  }

  /** The power went. Thrown through whatever code ran; nobody may catch it but the test. */
  public static final class PowerLoss extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final RandomGenerator random;
  private final Map<String, Inode> names = new TreeMap<>();
  private Map<String, Inode> durableNames = new TreeMap<>();

  /** The directory after each change since its last sync. */
  private final List<Map<String, Inode>> journal = new ArrayList<>();

  private final List<Operation> operations = new ArrayList<>();
  private boolean recording;
  private long count;
  private long powerLossAt = Long.MAX_VALUE;
  private long errorAt = Long.MAX_VALUE;
  private long capacityBytes = Long.MAX_VALUE;

  /** Rises with each power loss: open files of the time before are dead. */
  private int boots;

  public VirtualStorage(RandomGenerator random) {
    this.random = random;
  }

  /** The n-th operation from now is the last one; it may happen, in part or as a whole, or not. */
  public void losePowerAt(long n) {
    powerLossAt = count + n;
  }

  /** The n-th operation from now fails with an IOException, once. */
  public void failAt(long n) {
    errorAt = count + n;
  }

  /** Writes that would make the files longer than this in sum fail. */
  public void limitTo(long bytes) {
    capacityBytes = bytes;
  }

  /** Operations since the last reset. */
  long count() {
    return count;
  }

  void resetCount() {
    count = 0;
    powerLossAt = Long.MAX_VALUE;
    errorAt = Long.MAX_VALUE;
  }

  /** Keeps a list of the operations from now on; reads and questions are left out. */
  void record() {
    recording = true;
    operations.clear();
  }

  List<Operation> operations() {
    return List.copyOf(operations);
  }

  /** What the file reads as now. */
  byte[] bytes(String name) {
    return inode(name).content.bytes();
  }

  /** Puts a durable file there. */
  void put(String name, byte[] bytes) {
    Inode inode = new Inode();
    inode.content.write(0, bytes);
    inode.durable.write(0, bytes);
    names.put(name, inode);
    durableNames.put(name, inode);
  }

  /** Rot: the bits of the mask are flipped, on the disk. */
  void flip(String name, int offset, int mask) {
    Inode inode = inode(name);
    inode.content.array[offset] ^= (byte) mask;
    inode.durable.array[offset] ^= (byte) mask;
  }

  public List<String> names() {
    return List.copyOf(names.keySet());
  }

  /** The power goes, and comes back: what the node finds now is what the disk had kept. */
  public void powerLoss(Survival survival) {
    boots++;
    resetCount();
    Map<String, Inode> kept = durableNames;
    if (!journal.isEmpty()) {
      int changes =
          switch (survival) {
            case NOTHING -> 0;
            case EVERYTHING -> journal.size();
            case SOME -> random.nextInt(journal.size() + 1);
          };
      kept = changes == 0 ? durableNames : journal.get(changes - 1);
    }
    names.clear();
    names.putAll(kept);
    durableNames = new TreeMap<>(kept);
    journal.clear();
    names.values().stream().distinct().forEach(inode -> inode.powerLoss(survival));
  }

  /** The process dies, and the machine lives on: everything written is there. */
  public void processDeath() {
    boots++;
    resetCount();
  }

  @Override
  public boolean exists(String name) throws IOException {
    operation(Kind.EXISTS, name, 0, 0);
    return names.containsKey(name);
  }

  @Override
  public StorageFile open(String name, boolean create) throws IOException {
    Fault fault = strike(Kind.OPEN, name, 0, 0);
    if (!names.containsKey(name)) {
      if (!create) {
        throw new IOException("could not open file \"" + name + "\": No such file or directory");
      }
      if (fault != Fault.ERROR) {
        names.put(name, new Inode());
        journal.add(new TreeMap<>(names));
      }
    }
    fault.raise(Kind.OPEN, name);
    return new OpenFile(name, inode(name), boots);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Fault fault = strike(Kind.RENAME, from, 0, 0);
    if (fault != Fault.ERROR) {
      Inode inode = inode(from);
      names.remove(from);
      names.put(to, inode);
      journal.add(new TreeMap<>(names));
    }
    fault.raise(Kind.RENAME, from);
  }

  @Override
  public void delete(String name) throws IOException {
    Fault fault = strike(Kind.DELETE, name, 0, 0);
    if (fault != Fault.ERROR) {
      inode(name);
      names.remove(name);
      journal.add(new TreeMap<>(names));
    }
    fault.raise(Kind.DELETE, name);
  }

  @Override
  public void syncDirectory() throws IOException {
    Fault fault = strike(Kind.SYNC_DIRECTORY, ".", 0, 0);
    if (fault == Fault.NONE) {
      durableNames = new TreeMap<>(names);
      journal.clear();
    }
    fault.raise(Kind.SYNC_DIRECTORY, ".");
  }

  @Override
  public String describe(String name) {
    return "virtual/" + name;
  }

  @Override
  public void close() {}

  private Inode inode(String name) {
    Inode inode = names.get(name);
    if (inode == null) {
      throw new IllegalStateException("no file " + name + " among " + names.keySet());
    }
    return inode;
  }

  private enum Fault {
    NONE,
    ERROR,
    POWER_LOSS;

    void raise(Kind kind, String name) throws IOException {
      if (this == ERROR) {
        throw new IOException("could not " + kind + " \"" + name + "\": Input/output error");
      } else if (this == POWER_LOSS) {
        throw new PowerLoss();
      }
    }
  }

  private Fault strike(Kind kind, String name, long position, long length) {
    count++;
    boolean question = kind == Kind.EXISTS || kind == Kind.SIZE || kind == Kind.READ;
    if (recording && !question) {
      operations.add(new Operation(kind, name, position, length));
    }
    if (count == powerLossAt) {
      return Fault.POWER_LOSS;
    }
    return count == errorAt ? Fault.ERROR : Fault.NONE;
  }

  /** An operation that changes nothing. */
  private void operation(Kind kind, String name, long position, long length) throws IOException {
    strike(kind, name, position, length).raise(kind, name);
  }

  private long usedBytes() {
    return names.values().stream().mapToLong(inode -> inode.content.size).sum();
  }

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

  private final class Inode {
    private final Content content = new Content();
    private final Content durable = new Content();
    private final List<Pending> pending = new ArrayList<>();

    void change(Pending change) {
      change.applyTo(content);
      pending.add(change);
    }

    void sync() {
      pending.forEach(change -> change.applyTo(durable));
      pending.clear();
    }

    void powerLoss(Survival survival) {
      if (survival == Survival.EVERYTHING) {
        sync();
      } else if (survival == Survival.SOME) {
        int grain = random.nextBoolean() ? SECTOR_BYTES : PAGE_BYTES;
        int survivors = random.nextInt(101);
        pending.forEach(change -> surviveInPart(change, grain, survivors));
      }
      pending.clear();
      byte[] kept = durable.bytes();
      content.truncate(0);
      content.write(0, kept);
    }

    private void surviveInPart(Pending change, int grain, int survivors) {
      if (change.bytes == null) {
        if (random.nextInt(100) < survivors) {
          change.applyTo(durable);
        }
        return;
      }
      int done = 0;
      while (done < change.bytes.length) {
        long at = change.position + done;
        int length = (int) Math.min(change.bytes.length - done, grain - at % grain);
        if (random.nextInt(100) < survivors) {
          durable.write(at, Arrays.copyOfRange(change.bytes, done, done + length));
        }
        done += length;
      }
    }
  }

  private final class OpenFile implements StorageFile {
    private final String name;
    private final Inode inode;
    private final int boot;
    private boolean closed;

    OpenFile(String name, Inode inode, int boot) {
      this.name = name;
      this.inode = inode;
      this.boot = boot;
    }

    @Override
    public long size() throws IOException {
      requireOpen();
      operation(Kind.SIZE, name, 0, 0);
      return inode.content.size;
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      requireOpen();
      operation(Kind.READ, name, position, target.remaining());
      int length = (int) Math.max(0, Math.min(target.remaining(), inode.content.size - position));
      target.put(inode.content.array, (int) Math.min(position, inode.content.size), length);
      return length;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      requireOpen();
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      Fault fault = strike(Kind.WRITE, name, position, bytes.length);
      long growth = Math.max(0, position + bytes.length - inode.content.size);
      boolean full = growth > 0 && usedBytes() + growth > capacityBytes;
      int written = fault == Fault.ERROR || full ? random.nextInt(bytes.length + 1) : bytes.length;
      if (full) {
        written = Math.min(written, (int) (bytes.length - growth));
      }
      if (written > 0) {
        inode.change(new Pending(position, Arrays.copyOf(bytes, written)));
      }
      fault.raise(Kind.WRITE, name);
      if (full) {
        throw new IOException("could not write file \"" + name + "\": No space left on device");
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      requireOpen();
      Fault fault = strike(Kind.TRUNCATE, name, size, 0);
      if (fault != Fault.ERROR) {
        inode.change(new Pending(size, null));
      }
      fault.raise(Kind.TRUNCATE, name);
    }

    @Override
    public void sync() throws IOException {
      requireOpen();
      Fault fault = strike(Kind.SYNC, name, 0, 0);
      if (fault == Fault.NONE) {
        inode.sync();
      } else if (fault == Fault.ERROR) {
        inode.pending.clear();
      }
      fault.raise(Kind.SYNC, name);
    }

    @Override
    public void close() throws IOException {
      // Closing what a dead process had open, as a test's clean-up does, is nothing.
      if (!closed && boot == boots) {
        closed = true;
        operation(Kind.CLOSE, name, 0, 0);
      }
    }

    private void requireOpen() {
      if (closed || boot != boots) {
        throw new IllegalStateException("file " + name + " is closed");
      }
    }
  }
}
