package org.rale.clusterdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of its own that rewrites a real cluster.db, batches in between, and kills itself at its
 * n-th write, sync, rename or deletion. It says on standard output what is done: a line for each
 * task, and one for a rewrite that ended.
 */
final class KilledProcess {
  /** What is begun, and behind a rewrite what goes on beside its steps. */
  static final List<DiskTask> SCRIPT =
      List.of(
          Samples.write(21, 30, 1),
          Samples.compact(20, 1, 19, 150_000),
          Samples.write(31, 40, 2),
          Samples.vote(3, 8),
          Samples.large(36, 20, 3, 60_000),
          Samples.write(50, 52, 4),
          Samples.install(200, 5, 20, 60_000),
          Samples.write(201, 220, 5));

  static final String TASK = "task";
  static final String REWRITTEN = "rewritten";

  private KilledProcess() {}

  /** The directory, and at which operation it dies. */
  public static void main(String[] args) throws Exception {
    try (FileStorage real = FileStorage.open(Path.of(args[0]))) {
      Storage mortal = new Mortal(real, Long.parseLong(args[1]));
      try (ClusterDb db = ClusterDb.open(mortal, Samples.NODE, new Random(1)).db()) {
        run(db);
      }
    }
  }

  private static void run(ClusterDb db) throws IOException, ClusterDbException {
    for (DiskTask task : SCRIPT) {
      if (task instanceof DiskTask.Install) {
        finish(db);
      }
      db.perform(task);
      say(TASK);
      if (db.compacting() && db.step()) {
        say(REWRITTEN);
      }
    }
    finish(db);
  }

  private static void finish(ClusterDb db) throws IOException, ClusterDbException {
    while (db.compacting()) {
      if (db.step()) {
        say(REWRITTEN);
      }
    }
  }

  private static void say(String what) {
    System.out.println(what);
    System.out.flush();
  }

  /** Counts what changes something, and sends SIGKILL to itself in place of the n-th such call. */
  private static final class Mortal implements Storage {
    private final Storage real;
    private long left;

    Mortal(Storage real, long dies) {
      this.real = real;
      this.left = dies;
    }

    private void count() throws IOException {
      left--;
      if (left == 0) {
        new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid())).start();
        while (true) {
          LockSupport.park();
        }
      }
    }

    @Override
    public boolean exists(String name) throws IOException {
      return real.exists(name);
    }

    @Override
    public StorageFile open(String name, boolean create) throws IOException {
      if (create) {
        count();
      }
      return new MortalFile(real.open(name, create));
    }

    @Override
    public void rename(String from, String to) throws IOException {
      count();
      real.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
      count();
      real.delete(name);
    }

    @Override
    public void syncDirectory() throws IOException {
      count();
      real.syncDirectory();
    }

    @Override
    public String describe(String name) {
      return real.describe(name);
    }

    @Override
    public void close() throws IOException {
      real.close();
    }

    private final class MortalFile implements StorageFile {
      private final StorageFile file;

      MortalFile(StorageFile file) {
        this.file = file;
      }

      @Override
      public long size() throws IOException {
        return file.size();
      }

      @Override
      public int read(long position, ByteBuffer target) throws IOException {
        return file.read(position, target);
      }

      @Override
      public void write(long position, ByteBuffer source) throws IOException {
        count();
        file.write(position, source);
      }

      @Override
      public void truncate(long size) throws IOException {
        count();
        file.truncate(size);
      }

      @Override
      public void sync() throws IOException {
        count();
        file.sync();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    }
  }
}
