package org.rale.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A node of a {@link RandomCluster}: the rules, and a disk that finishes one write at a time and
 * forgets the unfinished ones in a crash.
 */
final class RandomNode {
  /** A write that the disk was given: a batch, a snapshot of one's own, or one of the leader's. */
  private sealed interface Write {
    record Batch(Effect.Persist persist) implements Write {}

    record Snapshot(SnapshotMeta meta) implements Write {}

    record Install(Effect.Install install) implements Write {}
  }

  final int id;
  private final Random random;
  private final Deque<Write> disk = new ArrayDeque<>();

  /** Another number each time the disk is emptied. */
  private long incarnation;

  private HardState hardState = HardState.INITIAL;
  private SnapshotMeta snapshot;
  private final List<Entry> entries = new ArrayList<>();

  /** What the last batch said. */
  private long commit;

  private @Nullable Raft raft;
  private long appliedIndex;

  RandomNode(int id, Membership founders, Random random) {
    this.id = id;
    this.random = random;
    this.incarnation = 100L + id;
    this.snapshot = new SnapshotMeta(0, 0, founders);
  }

  private RaftSettings settings() {
    int[] trailing = {0, 100, 1000};
    return new RaftSettings(
        10,
        id,
        10 * id,
        10,
        20,
        3,
        200,
        3,
        2000,
        trailing[random.nextInt(trailing.length)],
        40,
        true);
  }

  long incarnation() {
    return incarnation;
  }

  Member asMember(boolean voter) {
    return new Member(id, "node" + id, "10.0.0." + id, 7400, 7401, incarnation, voter);
  }

  boolean isUp() {
    return raft != null;
  }

  Raft raft() {
    Raft running = raft;
    if (running == null) {
      throw new IllegalStateException("node " + id + " is down");
    }
    return running;
  }

  void start() {
    // A file says at least how far its snapshot goes, and how much of the log is kept is free.
    appliedIndex = Math.max(snapshot.index(), commit);
    long base = snapshot.index() + random.nextInt((int) (appliedIndex - snapshot.index()) + 1);
    List<Entry> gone = entries.subList(0, (int) (base - snapshot.index()));
    List<Entry> kept = entries.subList(gone.size(), entries.size());
    long term = gone.isEmpty() ? snapshot.term() : gone.get(gone.size() - 1).term();
    raft =
        new Raft(
            settings(),
            new Restored(
                hardState, new SnapshotMeta(base, term, membership(gone)), kept, appliedIndex),
            random);
  }

  /** The disk may have finished some of what it was given, and forgets the rest. */
  void crash() {
    int finished = random.nextInt(disk.size() + 1);
    for (int i = 0; i < finished; i++) {
      makeDurable(disk.remove());
    }
    disk.clear();
    raft = null;
  }

  /** An operator empties the data directory. */
  void wipe() {
    hardState = HardState.INITIAL;
    commit = 0;
    snapshot = SnapshotMeta.NONE;
    entries.clear();
    incarnation += 1000;
  }

  void give(Effect.Persist persist) {
    disk.add(new Write.Batch(persist));
  }

  void give(Effect.Install install) {
    disk.add(new Write.Install(install));
  }

  /** Takes a snapshot of everything applied. */
  void takeSnapshot() {
    if (appliedIndex > snapshot.index()) {
      disk.add(new Write.Snapshot(metaNow()));
    }
  }

  /** The place of what is applied. */
  SnapshotMeta metaNow() {
    return new SnapshotMeta(
        appliedIndex, raft().termAt(appliedIndex), raft().membershipAt(appliedIndex));
  }

  void applied(long index) {
    appliedIndex = index;
  }

  long appliedIndex() {
    return appliedIndex;
  }

  boolean hasWork() {
    return !disk.isEmpty();
  }

  SnapshotMeta snapshot() {
    return snapshot;
  }

  /** The membership that a restart would find. */
  Membership durableMembership() {
    return membership(entries);
  }

  private Membership membership(List<Entry> behindTheSnapshot) {
    Membership last = snapshot.membership();
    for (Entry entry : behindTheSnapshot) {
      if (entry.payload() instanceof Payload.Members members) {
        last = members.membership();
      }
    }
    return last;
  }

  /** Whether the disk has the entry, or a snapshot that goes so far. */
  boolean holds(long index, long term) {
    long place = index - snapshot.index() - 1;
    return place < 0 || (place < entries.size() && entries.get((int) place).term() == term);
  }

  /** The disk finishes its oldest write. Returns what waited for it. */
  List<Effect.Send> finishWrite() {
    Write write = disk.remove();
    makeDurable(write);
    if (write instanceof Write.Batch batch) {
      raft().step(new Input.Persisted(batch.persist().batch()));
      return batch.persist().then();
    }
    if (write instanceof Write.Install install) {
      appliedIndex = install.install().meta().index();
      raft().step(new Input.Installed(install.install().meta()));
    }
    return List.of();
  }

  private void makeDurable(Write write) {
    if (write instanceof Write.Batch batch) {
      HardState changed = batch.persist().hardState();
      if (changed != null) {
        replaceHardState(changed);
      }
      if (!batch.persist().entries().isEmpty()) {
        cutFrom(batch.persist().entries().get(0).index());
        entries.addAll(batch.persist().entries());
      }
      commit(batch.persist().commit());
    } else if (write instanceof Write.Snapshot own) {
      if (own.meta().index() > snapshot.index()) {
        int gone = (int) (own.meta().index() - snapshot.index());
        entries.subList(0, gone).clear();
        snapshot = own.meta();
      }
    } else if (write instanceof Write.Install install) {
      replaceHardState(install.install().hardState());
      entries.clear();
      snapshot = install.install().meta();
      commit = Math.max(commit, snapshot.index());
    }
  }

  private void commit(long index) {
    if (index > snapshot.index() + entries.size()) {
      throw new AssertionError("node " + id + " writes commit index " + index + " too early");
    }
    commit = Math.max(commit, index);
  }

  private void replaceHardState(HardState next) {
    boolean forgets =
        next.term() < hardState.term()
            || (next.term() == hardState.term()
                && hardState.votedFor() != 0
                && next.votedFor() != hardState.votedFor());
    if (forgets) {
      throw new AssertionError("S-01 node " + id + " forgets " + hardState + " for " + next);
    }
    hardState = next;
  }

  private void cutFrom(long index) {
    int keep = (int) (index - snapshot.index() - 1);
    if (keep < 0 || keep > entries.size() || index <= commit) {
      throw new AssertionError("node " + id + " writes entry " + index + " behind a gap, or again");
    }
    entries.subList(keep, entries.size()).clear();
  }
}
