package org.rale.clusterdb;

/**
 * How a file is opened.
 *
 * @param trailingBytes about how many bytes of applied entries stay in memory
 */
public record Opening(long trailingBytes, Progress progress) {
  /** All entries are kept, and nobody is told. */
  static final Opening WHOLE = new Opening(Long.MAX_VALUE, (done, size) -> {});

  /** Is told now and then, on the thread that opens, how far it is. */
  @FunctionalInterface
  public interface Progress {
    /** So many bytes of so many are read. */
    void read(long done, long size);
  }
}
