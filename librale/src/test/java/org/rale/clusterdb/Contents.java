package org.rale.clusterdb;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.DStore;
import org.rale.dstore.FrozenStore;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.Identity;

/**
 * What a file should hold: the model that ClusterDb is compared with.
 *
 * @param table the image of the table with all that is committed
 * @param entries all behind the snapshot
 */
record Contents(
    Identity identity,
    HardState hardState,
    SnapshotMeta snapshot,
    long commit,
    List<Bytes> table,
    List<Entry> entries) {

  static Contents of(Recovered recovered) {
    return new Contents(
        recovered.identity(),
        recovered.hardState(),
        recovered.snapshot(),
        recovered.store().appliedIndex(),
        image(recovered.store().freeze()),
        recovered.entries());
  }

  Contents after(DiskTask task) {
    if (task instanceof DiskTask.Write write) {
      return with(write.batch());
    } else if (task instanceof DiskTask.Join join) {
      return new Contents(
              identity.inCluster(join.clusterId()), hardState, snapshot, commit, table, entries)
          .with(join.batch());
    } else if (task instanceof DiskTask.Compact compact) {
      long index = compact.meta().index();
      List<Entry> tail = entries.stream().filter(entry -> entry.index() > index).toList();
      return new Contents(identity, hardState, compact.meta(), index, image(compact.store()), tail)
          .committed(Math.max(commit, index));
    }
    DiskTask.Install install = (DiskTask.Install) task;
    long index = install.meta().index();
    return new Contents(
        identity, install.hardState(), install.meta(), index, image(install.store()), List.of());
  }

  private Contents with(Batch batch) {
    List<Entry> all = new ArrayList<>(entries);
    if (!batch.entries().isEmpty()) {
      long first = batch.entries().get(0).index();
      all.removeIf(entry -> entry.index() >= first);
      all.addAll(batch.entries());
    }
    HardState state = batch.hardState() == null ? hardState : batch.hardState();
    return new Contents(identity, state, snapshot, commit, table, List.copyOf(all))
        .committed(Math.max(commit, batch.commit()));
  }

  private Contents committed(long index) {
    try {
      DStore store = new DStore();
      if (commit > 0) {
        DStore.Loader loader = DStore.loader();
        for (Bytes piece : table) {
          loader.add(piece);
        }
        store = loader.finish();
      }
      for (Entry entry : entries) {
        if (entry.index() > commit && entry.index() <= index) {
          apply(store, entry);
        }
      }
      return new Contents(identity, hardState, snapshot, index, image(store.freeze()), entries);
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void apply(DStore store, Entry entry) throws MalformedException {
    if (entry.payload() instanceof Payload.Command command) {
      store.apply(entry.index(), command.bytes());
    } else {
      store.skip(entry.index());
    }
  }

  static List<Bytes> image(FrozenStore store) {
    List<Bytes> pieces = new ArrayList<>();
    for (Iterator<Bytes> each = store.pieces(1 << 20); each.hasNext(); ) {
      pieces.add(each.next());
    }
    return pieces;
  }

  long last() {
    return snapshot.index() + entries.size();
  }
}
