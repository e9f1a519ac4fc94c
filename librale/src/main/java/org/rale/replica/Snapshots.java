package org.rale.replica;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.MalformedException;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.Recovered;
import org.rale.dstore.DStore;
import org.rale.raft.Effect;
import org.rale.raft.Entry;
import org.rale.raft.Event;
import org.rale.raft.Input;
import org.rale.raft.Message;
import org.rale.raft.Message.SnapshotPiece;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.PeerMessage;

/** Snapshots taken, sent, received and installed. */
final class Snapshots {
  /** About what an entry takes in the file beside its content. */
  private static final long ENTRY_OVERHEAD = 56;

  /** About what a batch takes beside its entries. */
  private static final long BATCH_OVERHEAD = 40;

  /** So long after the start of the process a rewrite waits for a leader, and no longer. */
  private static final long START_MS = 10_000;

  private static final long FIRST_REST_MS = 10_000;
  private static final long LONGEST_REST_MS = 600_000;

  private final Unit unit;
  private final Map<Integer, SnapshotSender> senders = new TreeMap<>();

  /** Peers to which a snapshot shall go, begun when table and rules are at the same index. */
  private final Set<Integer> wanted = new TreeSet<>();

  private @Nullable SnapshotReceiver receiver;
  private boolean compacting;

  /** What the file held beside, when the compaction under way began. */
  private long formerSnapshotBytes;

  private long formerLogBytes;

  /** After one that was given up: not before this tick, and how long that was. */
  private long restsUntil;

  private long restTicks;
  private long snapshotIndex;
  private long snapshotBytes;
  private long logBytes;

  /**
   * @param index where the snapshot in the file stands
   */
  Snapshots(Unit unit, long index, Recovered.FileUse use) {
    this.unit = unit;
    this.snapshotIndex = index;
    this.snapshotBytes = use.snapshotBytes();
    this.logBytes = use.logBytes();
  }

  long snapshotIndex() {
    return snapshotIndex;
  }

  /** The entries are log that a snapshot would save, also where they carry nothing. */
  void written(List<Entry> entries) {
    logBytes += BATCH_OVERHEAD;
    for (Entry entry : entries) {
      long content =
          entry.payload() instanceof Payload.Command command ? command.bytes().length() : 0;
      logBytes += ENTRY_OVERHEAD + content;
    }
  }

  /**
   * Rewrites the file when it has got too long for what it holds. In the first seconds of a process
   * that waits for a leader: where several nodes start on one machine, a rewrite would take the
   * processors from those that read their files still, and a majority would come later. Without a
   * leader a file grows by terms and votes alone.
   */
  void compactIfDue() {
    long live = unit.store().liveBytes();
    boolean replaced = unit.raft().isInstalling();
    boolean isDue = unit.config.rewrite().isReached(live, snapshotBytes, logBytes);
    boolean starting = unit.raft().leaderId() < 0 && unit.now() < unit.config.ticks(START_MS);
    if (compacting
        || replaced
        || !isDue
        || starting
        || unit.now() < restsUntil
        || unit.raft().appliedIndex() <= snapshotIndex) {
      return;
    }
    compacting = true;
    formerSnapshotBytes = snapshotBytes;
    formerLogBytes = logBytes;
    logBytes = 0;
    snapshotBytes = live;
    SnapshotMeta meta = unit.meta();
    var frozen = unit.store().freeze();
    unit.disk.order(
        sequence -> new DiskTask.Compact(sequence, meta, frozen), () -> compacted(meta));
  }

  private void compacted(SnapshotMeta meta) {
    compacting = false;
    restTicks = 0;
    snapshotIndex = Math.max(snapshotIndex, meta.index());
  }

  /** The peer needs one. */
  void send(int peer) {
    senders.remove(peer);
    wanted.add(peer);
  }

  /**
   * Begins those that are wanted. To be called when all that is applied by the rules is in the
   * table as well: an index that is ahead of its table would make a snapshot that nobody takes.
   */
  void sendWanted() {
    // For one without a link a table would be kept that nobody can be sent.
    List<Integer> linked = wanted.stream().filter(unit.links::isUp).toList();
    linked.forEach(wanted::remove);
    linked.forEach(this::begin);
  }

  private void begin(int peer) {
    SnapshotSender sender =
        new SnapshotSender(
            unit.meta(), unit.store().freeze(), unit.config.pieceBytes(), unit.now());
    senders.put(peer, sender);
    unit.note(
        Event.Level.INFO, "sending node " + peer + " a snapshot at index " + sender.meta().index());
    pump(peer, sender);
  }

  void stop(int peer) {
    wanted.remove(peer);
    senders.remove(peer);
  }

  void answered(int peer, Message.SnapshotResponse answer) {
    SnapshotSender sender = senders.get(peer);
    if (sender == null || sender.meta().index() != answer.index()) {
      return;
    }
    if (sender.confirm(answer.nextPiece(), unit.now())) {
      pump(peer, sender);
    } else {
      send(peer);
    }
  }

  private void pump(int peer, SnapshotSender sender) {
    SnapshotPiece piece = sender.next(unit.raft().term());
    while (piece != null) {
      post(peer, piece);
      piece = sender.next(unit.raft().term());
    }
  }

  private void post(int peer, SnapshotPiece piece) {
    unit.out.send(peer, new PeerMessage.Raft(piece));
  }

  /** Sends again what got no answer; lets go of what is not sent on. */
  void tick() {
    if (receiver != null && !unit.raft().isInstalling() && isOfNoUse(receiver)) {
      receiver = null;
    }
    senders.forEach(
        (peer, sender) ->
            sender.stalled(unit.now(), unit.patience()).forEach(piece -> post(peer, piece)));
  }

  private boolean isOfNoUse(SnapshotReceiver half) {
    return half.meta().index() <= unit.raft().appliedIndex()
        || unit.now() - half.movedAt() > unit.config.raft().snapshotTicks();
  }

  /** A piece came from the leader. */
  void receive(Effect.Piece effect) {
    if (unit.raft().isInstalling()) {
      // It came in the same turn as the last piece of another snapshot, whose table is needed.
      return;
    }
    SnapshotPiece piece = effect.piece();
    SnapshotReceiver current = receiver;
    if (current == null
        || current.isBegunAnewBy(piece)
        || !current.isPartOf(effect.from(), piece.meta())) {
      if (piece.piece() != 0) {
        answer(effect.from(), piece.meta(), 0);
        return;
      }
      current = new SnapshotReceiver(effect.from(), piece.meta(), unit.now());
      receiver = current;
    }
    try {
      current.take(piece, unit.now());
    } catch (MalformedException e) {
      unit.note(
          Event.Level.WARNING,
          "the snapshot of node "
              + effect.from()
              + " came damaged and begins anew: "
              + e.getMessage());
      receiver = null;
      answer(effect.from(), piece.meta(), 0);
      return;
    }
    if (current.whole() == null) {
      answer(effect.from(), piece.meta(), current.next());
    } else {
      unit.ask(new Input.SnapshotArrived(effect.from(), piece.meta()));
      if (!unit.raft().isInstalling()) {
        // The log has come so far by itself meanwhile.
        receiver = null;
      }
    }
  }

  /**
   * Not before this node's disk has done what it owes: the answer keeps the leader in power, which
   * a node whose disk hangs must not (S-11).
   */
  private void answer(int to, SnapshotMeta meta, int next) {
    long term = unit.raft().term();
    unit.disk.whenDurable(
        () ->
            unit.out.send(
                to,
                new PeerMessage.Raft(
                    new Message.SnapshotResponse(term, meta.index(), next, false))));
  }

  /** The rules want the snapshot that has just come. */
  void install(Effect.Install effect) {
    SnapshotReceiver done = receiver;
    DStore store = done == null ? null : done.whole();
    if (done == null || store == null || !done.meta().equals(effect.meta())) {
      throw new IllegalStateException("to install a snapshot that is not here: " + effect.meta());
    }
    unit.disk.order(
        sequence ->
            new DiskTask.Install(sequence, effect.meta(), store.freeze(), effect.hardState()),
        () -> installed(effect.meta(), store));
  }

  /** The disk has no room for it: the file is as it was, and it is tried again after a rest. */
  void givenUp(String why) {
    compacting = false;
    snapshotBytes = formerSnapshotBytes;
    logBytes += formerLogBytes;
    restTicks =
        Math.min(
            unit.config.ticks(LONGEST_REST_MS),
            Math.max(unit.config.ticks(FIRST_REST_MS), 2 * restTicks));
    restsUntil = unit.now() + restTicks;
    unit.note(
        Event.Level.WARNING,
        "the disk is full: cluster.db can't be rewritten, and grows on ("
            + why
            + "). It is tried again in "
            + restTicks * unit.config.tickMs() / 1_000
            + " s; free some space");
  }

  private void installed(SnapshotMeta meta, DStore store) {
    receiver = null;
    snapshotIndex = meta.index();
    snapshotBytes = store.liveBytes();
    logBytes = 0;
    unit.replaceStore(store);
    unit.ask(new Input.Installed(meta));
  }
}
