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
  private final Map<String, VirtualInode> names = new TreeMap<>();
  private Map<String, VirtualInode> durableNames = new TreeMap<>();

  /** The directory after each change since its last sync. */
  private final List<Map<String, VirtualInode>> journal = new ArrayList<>();

  private final List<Operation> operations = new ArrayList<>();
  private boolean recording;
  private long count;
  private long powerLossAt = Long.MAX_VALUE;
  private long errorAt = Long.MAX_VALUE;

  /** Tests change it beside a disk thread. */
  private volatile long capacityBytes = Long.MAX_VALUE;

  /** Rises with each power loss: open files of the time before are dead. */
  private int boots;

  public VirtualStorage(RandomGenerator random) {
    this.random = random;
  }

  /** The n-th operation from now is the last one; it may happen, in part or as a whole, or not. */
  public void losePowerAt(long n) {
    powerLossAt = count + n;
  }

  /** A power loss that has not come does not come any more. */
  public void keepPower() {
    powerLossAt = Long.MAX_VALUE;
  }

  /** The n-th operation from now fails with an IOException, once. */
  public void failAt(long n) {
    errorAt = count + n;
  }

  /** Writes that would make the files longer than this in sum fail. */
  public void limitTo(long bytes) {
    capacityBytes = bytes;
  }

  /** There is room again, and nothing fails of what was to fail. */
  public void heal() {
    powerLossAt = Long.MAX_VALUE;
    errorAt = Long.MAX_VALUE;
    capacityBytes = Long.MAX_VALUE;
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
    return inode(name).bytes();
  }

  /** Puts a durable file there. */
  void put(String name, byte[] bytes) {
    VirtualInode inode = VirtualInode.durable(bytes);
    names.put(name, inode);
    durableNames.put(name, inode);
  }

  /** Rot: the bits of the mask are flipped, on the disk. */
  public void flip(String name, int offset, int mask) {
    inode(name).flip(offset, mask);
  }

  /** Whether a bit was flipped in the file that has this name now. */
  public boolean isRotten(String name) {
    VirtualInode inode = names.get(name);
    return inode != null && inode.isRotten();
  }

  /** Another disk with what is durable on this one. */
  public VirtualStorage copy(RandomGenerator itsRandom) {
    VirtualStorage copy = new VirtualStorage(itsRandom);
    durableNames.forEach((name, inode) -> copy.put(name, inode.durableBytes()));
    return copy;
  }

  public List<String> names() {
    return List.copyOf(names.keySet());
  }

  /**
   * What a power loss took.
   *
   * @param names changes of the directory
   * @param writes and truncations, each as a whole or in part
   */
  public record Loss(int names, int writes) {}

  /** The power goes, and comes back: what the node finds now is what the disk had kept. */
  public Loss powerLoss(Survival survival) {
    boots++;
    resetCount();
    Map<String, VirtualInode> kept = durableNames;
    int lostNames = 0;
    if (!journal.isEmpty()) {
      int changes =
          switch (survival) {
            case NOTHING -> 0;
            case EVERYTHING -> journal.size();
            case SOME -> random.nextInt(journal.size() + 1);
          };
      kept = changes == 0 ? durableNames : journal.get(changes - 1);
      lostNames = journal.size() - changes;
    }
    names.clear();
    names.putAll(kept);
    durableNames = new TreeMap<>(kept);
    journal.clear();
    int lostWrites =
        names.values().stream()
            .distinct()
            .mapToInt(inode -> inode.powerLoss(survival, random))
            .sum();
    return new Loss(lostNames, lostWrites);
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
        names.put(name, new VirtualInode());
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
      VirtualInode inode = inode(from);
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

  private VirtualInode inode(String name) {
    VirtualInode inode = names.get(name);
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

  /** What all files are long together. */
  public long usedBytes() {
    return names.values().stream().mapToLong(VirtualInode::size).sum();
  }

  private final class OpenFile implements StorageFile {
    private final String name;
    private final VirtualInode inode;
    private final int boot;
    private boolean closed;

    OpenFile(String name, VirtualInode inode, int boot) {
      this.name = name;
      this.inode = inode;
      this.boot = boot;
    }

    @Override
    public long size() throws IOException {
      requireOpen();
      operation(Kind.SIZE, name, 0, 0);
      return inode.size();
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      requireOpen();
      operation(Kind.READ, name, position, target.remaining());
      return inode.read(position, target);
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      requireOpen();
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      Fault fault = strike(Kind.WRITE, name, position, bytes.length);
      long growth = Math.max(0, position + bytes.length - inode.size());
      boolean full = growth > 0 && usedBytes() + growth > capacityBytes;
      int written = fault == Fault.ERROR || full ? random.nextInt(bytes.length + 1) : bytes.length;
      if (full) {
        written = Math.min(written, (int) (bytes.length - growth));
      }
      if (written > 0) {
        inode.write(position, Arrays.copyOf(bytes, written));
      }
      fault.raise(Kind.WRITE, name);
      if (full) {
        throw new DiskFullException(
            "could not write file \"" + name + "\": No space left on device", null);
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      requireOpen();
      Fault fault = strike(Kind.TRUNCATE, name, size, 0);
      if (fault != Fault.ERROR) {
        inode.truncate(size);
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
        inode.dropPending();
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
