package org.rale.raled.rejoin;

import java.io.IOException;
import org.rale.clusterdb.Storage;

/** A crash before one of the operations that change the directory. */
final class FailingStorage implements Storage {
  private final Storage storage;
  private int left;

  /**
   * @param left so many changes are made before the crash
   */
  FailingStorage(Storage storage, int left) {
    this.storage = storage;
    this.left = left;
  }

  /** How many more would have been made. */
  int left() {
    return left;
  }

  private void change() throws IOException {
    if (left == 0) {
      throw new IOException("crash");
    }
    left--;
  }

  @Override
  public boolean exists(String name) throws IOException {
    return storage.exists(name);
  }

  @Override
  public StorageFile open(String name, boolean create) throws IOException {
    if (create) {
      change();
    }
    return storage.open(name, create);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    change();
    storage.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    change();
    storage.delete(name);
  }

  @Override
  public void syncDirectory() throws IOException {
    change();
    storage.syncDirectory();
  }

  @Override
  public String describe(String name) {
    return storage.describe(name);
  }

  @Override
  public void close() {}
}
