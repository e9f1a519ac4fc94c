package org.rale.clusterdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.DStore;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;

/** Entries, tables and tasks to try the file with. */
final class Samples {
  static final int NODE = 7;
  static final long CLUSTER = 0x0c1c2c3c4c5c6c7cL;
  static final Membership MEMBERS =
      new Membership(
          List.of(
              new Member(NODE, "node7", "127.0.0.1", 7400, 7401, 99, true),
              new Member(8, "node8", "::1", 7410, 7411, 98, false)));

  private Samples() {}

  /** An entry of one of the three kinds, told by its index, as is its length. */
  static Entry entry(long index, long term) {
    return switch ((int) (index % 5)) {
      case 0 -> new Entry(index, term, new Payload.Empty());
      case 1 -> new Entry(index, term, new Payload.Members(MEMBERS));
      default -> entry(index, term, (int) (index % 23));
    };
  }

  static Entry entry(long index, long term, int bytes) {
    byte[] value = new byte[bytes];
    new Random(index * 31 + term).nextBytes(value);
    StoreCommand put =
        new StoreCommand.Put(Origin.NONE, Bytes.utf8("k" + index % 7), Bytes.wrap(value));
    return new Entry(index, term, new Payload.Command(StoreCodec.encode(put)));
  }

  static List<Entry> entries(long from, long to, long term) {
    return LongStream.rangeClosed(from, to).mapToObj(index -> entry(index, term)).toList();
  }

  static DiskTask.Write write(long from, long to, long term) {
    return new DiskTask.Write(0, new Batch(null, entries(from, to, term), 0));
  }

  static DiskTask.Write large(long from, int count, long term, int bytes) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(entry(from + i, term, bytes));
    }
    return new DiskTask.Write(0, new Batch(null, entries, 0));
  }

  static DiskTask.Write vote(long term, int node) {
    return new DiskTask.Write(0, new Batch(new HardState(term, node), List.of(), 0));
  }

  static DiskTask.Join join() {
    return new DiskTask.Join(0, CLUSTER, new Batch(new HardState(1, NODE), entries(1, 1, 1), 0));
  }

  static DiskTask.Compact compact(long index, long term, int keys, int valueBytes) {
    DStore store = store(index, keys, valueBytes);
    return new DiskTask.Compact(0, new SnapshotMeta(index, term, MEMBERS), store.freeze());
  }

  static DiskTask.Install install(long index, long term, int keys, int valueBytes) {
    DStore store = store(index, keys, valueBytes);
    return new DiskTask.Install(
        0, new SnapshotMeta(index, term, MEMBERS), store.freeze(), new HardState(term, 0));
  }

  /** A table as of the index. */
  static DStore store(long index, int keys, int valueBytes) {
    DStore store = new DStore();
    byte[] value = new byte[valueBytes];
    new Random(index).nextBytes(value);
    int count = (int) Math.min(keys, index - 1);
    IntStream.rangeClosed(1, count)
        .forEach(
            i -> {
              StoreCommand put =
                  new StoreCommand.Put(
                      Origin.NONE, Bytes.utf8("key" + i), Bytes.copyOf(value, 0, value.length));
              try {
                store.apply(i, StoreCodec.encode(put));
              } catch (MalformedException e) {
                throw new IllegalStateException(e);
              }
            });
    store.skip(index);
    return store;
  }
}
