package org.rale.clusterdb;

import java.util.ArrayList;
import java.util.List;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.Identity;

/** What a file should hold: the model that ClusterDb is compared with. */
record Contents(
    Identity identity, HardState hardState, SnapshotMeta snapshot, long hash, List<Entry> entries) {

  static Contents of(Recovered recovered) {
    return new Contents(
        recovered.identity(),
        recovered.hardState(),
        recovered.snapshot(),
        recovered.store().stateHash(),
        recovered.entries());
  }

  Contents after(DiskTask task) {
    if (task instanceof DiskTask.Write write) {
      return with(write.batch());
    } else if (task instanceof DiskTask.Join join) {
      return new Contents(identity.inCluster(join.clusterId()), hardState, snapshot, hash, entries)
          .with(join.batch());
    } else if (task instanceof DiskTask.Compact compact) {
      List<Entry> tail =
          entries.stream().filter(entry -> entry.index() > compact.meta().index()).toList();
      return new Contents(identity, hardState, compact.meta(), compact.store().stateHash(), tail);
    }
    DiskTask.Install install = (DiskTask.Install) task;
    return new Contents(
        identity, install.hardState(), install.meta(), install.store().stateHash(), List.of());
  }

  private Contents with(Batch batch) {
    List<Entry> all = new ArrayList<>(entries);
    if (!batch.entries().isEmpty()) {
      long first = batch.entries().get(0).index();
      all.removeIf(entry -> entry.index() >= first);
      all.addAll(batch.entries());
    }
    HardState state = batch.hardState() == null ? hardState : batch.hardState();
    return new Contents(identity, state, snapshot, hash, List.copyOf(all));
  }

  long last() {
    return snapshot.index() + entries.size();
  }
}
