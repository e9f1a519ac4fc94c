package org.rale.clusterdb;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A node's data directory, as little of it as cluster.db needs. What it promises is what a disk
 * promises: a write may be lost or torn until {@link StorageFile#sync} returned, a rename until
 * {@link #syncDirectory} returned.
 */
public interface Storage extends Closeable {

  boolean exists(String name) throws IOException;

  /**
   * Opens a file for reading and writing, and makes it where {@code create} is set and it is
   * missing.
   */
  StorageFile open(String name, boolean create) throws IOException;

  /** Puts the file in the other one's place, at once. */
  void rename(String from, String to) throws IOException;

  void delete(String name) throws IOException;

  void syncDirectory() throws IOException;

  /** What people call the file: a path. */
  String describe(String name);

  /** An open file. Every call transfers all bytes or throws. */
  interface StorageFile extends Closeable {
    long size() throws IOException;

    /** Fills the buffer from the position on as far as the file goes; returns the bytes read. */
    int read(long position, ByteBuffer target) throws IOException;

    void write(long position, ByteBuffer source) throws IOException;

    void truncate(long size) throws IOException;

    /** Returns when everything written is durable. */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
  }
}
