package org.rale.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must happen, in the order in which the effects stand. */
public sealed interface Effect {

  /** Goes out now. */
  record Send(int to, Message message) implements Effect {}

  /**
   * Becomes durable, as one unit; then {@code then} goes out and {@link Input.Persisted} comes in.
   *
   * @param batch rising by 1
   * @param hardState null where it did not change
   * @param entries replace everything from the first one's index on; may be empty
   * @param commit up to where entries are known to be committed; not behind the last of them
   */
  record Persist(
      long batch, @Nullable HardState hardState, List<Entry> entries, long commit, List<Send> then)
      implements Effect {
    public Persist {
      entries = List.copyOf(entries);
      then = List.copyOf(then);
    }
  }

  /** Committed, durable here, and to be applied in this order. */
  record Apply(List<Entry> entries) implements Effect {
    public Apply {
      entries = List.copyOf(entries);
    }
  }

  /** The wish is in the log: from now on its outcome is open until the index is applied (S-15). */
  record Accepted(long token, long index, long term) implements Effect {}

  record Refused(long token, Refusal refusal) implements Effect {}

  /**
   * The read is linearizable once everything up to the index is applied.
   *
   * @param term in which the index was confirmed
   */
  record ReadReady(long token, long index, long term) implements Effect {}

  /** Another membership is in force. */
  record MembershipChanged(Membership membership) implements Effect {}

  /** The peer needs entries that are gone: send it a snapshot, piece by piece. */
  record SendSnapshot(int to) implements Effect {}

  /** The peer needs no snapshot any more. */
  record StopSnapshot(int to) implements Effect {}

  /** A piece from the leader of the current term. */
  record Piece(int from, Message.SnapshotPiece piece) implements Effect {}

  /** The peer answered a piece, in the current term. */
  record PieceAnswer(int from, Message.SnapshotResponse answer) implements Effect {}

  /** Makes the snapshot durable in the place of everything; {@link Input.Installed} follows. */
  record Install(SnapshotMeta meta, HardState hardState) implements Effect {}

  record Note(Event event) implements Effect {}
}
