package org.rale.clusterdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.rale.raft.Entry;

/** Entries of a PUT of 256 bytes as the frames of one batch, on a disk that takes no time. */
@State(Scope.Thread)
public class AppendBenchmark {
  private static final int ENTRIES = 64;
  private static final int BYTES = 256;

  private final List<Entry> entries = Samples.large(1, ENTRIES, 1, BYTES).batch().entries();
  private final FrameWriter writer =
      new FrameWriter(new NoDisk(), Layout.FORMAT_VERSION, 1, Layout.HEADER_BYTES, 0);

  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public long append() throws IOException {
    writer.begin();
    for (Entry entry : entries) {
      writer.entry(entry);
    }
    writer.end(0);
    writer.flush();
    return writer.position();
  }

  /** Takes all and keeps nothing. */
  private static final class NoDisk implements Storage.StorageFile {
    @Override
    public long size() {
      return 0;
    }

    @Override
    public int read(long position, ByteBuffer target) {
      return 0;
    }

    @Override
    public void write(long position, ByteBuffer source) {
      source.position(source.limit());
    }

    @Override
    public void truncate(long size) {}

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }
}
