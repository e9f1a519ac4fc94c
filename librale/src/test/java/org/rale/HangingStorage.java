package org.rale;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rale.clusterdb.Storage;

/** A disk that can be made to hang in its next sync, of a file or of the directory. */
final class HangingStorage implements Storage {
  final AtomicBoolean hangs = new AtomicBoolean();

  /** Opens when a thread hangs. */
  final CountDownLatch hanging = new CountDownLatch(1);

  final CountDownLatch goOn = new CountDownLatch(1);
  private final Storage files;

  HangingStorage(Storage files) {
    this.files = files;
  }

  private void hangIfAsked() {
    if (hangs.get()) {
      hanging.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError("the disk thread was interrupted (S-18)", e);
      }
    }
  }

  @Override
  public void syncDirectory() throws IOException {
    hangIfAsked();
    files.syncDirectory();
  }

  @Override
  public boolean exists(String name) throws IOException {
    return files.exists(name);
  }

  @Override
  public StorageFile open(String name, boolean create) throws IOException {
    return new HangingFile(files.open(name, create));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    files.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    files.delete(name);
  }

  @Override
  public String describe(String name) {
    return files.describe(name);
  }

  @Override
  public void close() throws IOException {
    files.close();
  }

  private final class HangingFile implements StorageFile {
    private final StorageFile file;

    HangingFile(StorageFile file) {
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
      file.write(position, source);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void sync() throws IOException {
      hangIfAsked();
      file.sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
