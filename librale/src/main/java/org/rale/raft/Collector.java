package org.rale.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Gathers effects between two drains, and knows what waits for the disk.
 *
 * <p>Votes and acknowledgements are promises about durable state: they are held until everything
 * that was decided before them is on disk (S-01, S-02). All that was decided since the last drain
 * goes to the disk as one batch, so a burst costs one sync. What decides nothing, such as the
 * answer to a probe, waits for the batches that the disk has, and makes none of its own.
 */
final class Collector {
  /** A batch that the disk has and has not finished. */
  private record InFlight(long batch, long lastIndex, long cuts, HardState hardState, long since) {}

  /** So many messages wait for a batch that is on its way to the disk, at the most. */
  static final int MAX_HELD = 256;

  private final RaftLog log;
  private final List<Effect> now = new ArrayList<>();
  private final List<Effect.Send> held = new ArrayList<>();
  private final Queue<InFlight> inFlight = new ArrayDeque<>();
  private HardState handed;
  private HardState durable;
  private long batches;

  Collector(RaftLog log, HardState restored) {
    this.log = log;
    this.handed = restored;
    this.durable = restored;
  }

  /** What needs no promise of the disk. */
  void add(Effect effect) {
    now.add(effect);
  }

  void send(int to, Message message) {
    now.add(new Effect.Send(to, message));
  }

  /** Goes out when all that was decided so far is durable. */
  void sendDurably(int to, Message message) {
    held.add(new Effect.Send(to, message));
  }

  /**
   * Entries from the index on are cut, and those that the disk was not given yet never get there:
   * what would acknowledge them is not sent (S-02).
   */
  void cutFrom(long index) {
    held.removeIf(
        send ->
            send.message() instanceof Message.AppendResponse answer
                && answer.accepted()
                && answer.index() >= index);
  }

  void note(Event.Level level, String text) {
    now.add(new Effect.Note(new Event(level, text)));
  }

  /** Term and vote as the disk has them for certain. */
  HardState durable() {
    return durable;
  }

  /** The tick at which the oldest unfinished batch was given to the disk, or {@code now}. */
  long waitingSince(long tick) {
    InFlight oldest = inFlight.peek();
    return oldest == null ? tick : oldest.since();
  }

  void persisted(long batch) {
    while (!inFlight.isEmpty() && inFlight.peek().batch() <= batch) {
      InFlight done = inFlight.remove();
      log.markDurable(done.lastIndex(), done.cuts());
      durable = done.hardState();
    }
  }

  List<Effect> drain(HardState state, long commit, long tick) {
    List<Effect> effects = new ArrayList<>();
    boolean stateChanged = !state.equals(handed);
    boolean decided = stateChanged || log.hasUnhanded();
    if (decided) {
      effects.add(persist(stateChanged ? state : null, state, commit, tick));
      held.clear();
    } else if (inFlight.isEmpty()) {
      effects.addAll(held);
      held.clear();
    }
    forgetOldest();
    effects.addAll(now);
    now.clear();
    return effects;
  }

  /** Messages may get lost, so those may that a disk that hangs keeps from being sent (S-16). */
  private void forgetOldest() {
    if (held.size() > MAX_HELD) {
      held.subList(0, held.size() - MAX_HELD).clear();
    }
  }

  private Effect.Persist persist(
      @Nullable HardState changed, HardState state, long commit, long tick) {
    List<Entry> entries = log.hand();
    handed = state;
    batches++;
    inFlight.add(new InFlight(batches, log.lastIndex(), log.cuts(), state, tick));
    return new Effect.Persist(batches, changed, entries, commit, held);
  }
}
