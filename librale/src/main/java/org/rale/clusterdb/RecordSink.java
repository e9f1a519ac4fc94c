package org.rale.clusterdb;

import java.util.function.Consumer;
import org.rale.bytes.ByteReader;
import org.rale.bytes.MalformedException;
import org.rale.wire.EntryCodec;

/** Decodes frames one by one, and keeps none of them. */
final class RecordSink implements FrameSink {
  private final Consumer<FileRecord> target;
  private long batch = 1;
  private long batchStart = Layout.HEADER_BYTES;
  private boolean begun;

  RecordSink(Consumer<FileRecord> target) {
    this.target = target;
  }

  @Override
  public void frame(FrameType type, ByteReader in, long position) throws MalformedException {
    if (!begun) {
      begun = true;
      batchStart = position;
    }
    FileRecord record =
        switch (type) {
          case SNAPSHOT_META ->
              new FileRecord.Snapshot(position, batch, EntryCodec.readSnapshotMeta(in));
          case SNAPSHOT_PIECE ->
              new FileRecord.Piece(position, batch, in.raw(in.remaining()).length());
          case HARD_STATE ->
              new FileRecord.TermAndVote(position, batch, EntryCodec.readHardState(in));
          case ENTRY -> new FileRecord.LogEntry(position, batch, EntryCodec.readEntry(in));
          case END -> throw new IllegalStateException("an end mark is no content");
        };
    in.finish();
    target.accept(record);
  }

  @Override
  public void endOfBatch(long commit) {
    batch++;
    begun = false;
  }

  @Override
  public void dropBatch() {
    if (begun) {
      begun = false;
      target.accept(new FileRecord.Again(batchStart, batch));
    }
  }
}
