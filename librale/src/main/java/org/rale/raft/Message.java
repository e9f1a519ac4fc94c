package org.rale.raft;

import java.util.List;
import org.rale.bytes.Bytes;

/**
 * What nodes say to each other about the log and its leader. {@code term} is always the sender's
 * current term, unless the message says otherwise.
 */
public sealed interface Message {
  long term();

  /**
   * "Would you vote for me?" Nothing is persisted on either side (dissertation 9.6).
   *
   * @param campaignTerm the term the sender would campaign in: its current one plus 1
   */
  record PreVoteRequest(long term, long campaignTerm, long lastIndex, long lastTerm)
      implements Message {}

  /**
   * @param campaignTerm the one asked about
   */
  record PreVoteResponse(long term, long campaignTerm, Denial denial) implements Message {
    public boolean granted() {
      return denial == Denial.NONE;
    }
  }

  /**
   * @param transfer the leader itself asked the sender to campaign, so hearing it is no objection
   * @param incarnation of the candidate's disk
   */
  record VoteRequest(long term, long lastIndex, long lastTerm, boolean transfer, long incarnation)
      implements Message {}

  /**
   * @param incarnation as in the request. An answer finds its way by node id alone, and where a
   *     disk was replaced two may come by for it: what one was granted must not elect the other
   *     (S-06)
   */
  record VoteResponse(long term, Denial denial, long incarnation) implements Message {
    public boolean granted() {
      return denial == Denial.NONE;
    }
  }

  /**
   * The leader lives. Sent on the datagram path where there is one.
   *
   * @param commit never beyond what the receiver is known to hold
   * @param round the newest round of reads that waits to be confirmed; rises within a term
   * @param number of the heartbeats to this peer in this term, from 1 on: gaps are losses
   */
  record Heartbeat(long term, long commit, long round, long number) implements Message {}

  /**
   * Confirms every round up to {@code round}; says nothing about the receiver's disk (S-11).
   *
   * @param loss of the leader's last heartbeats, in thousandths; {@link #LOSS_UNKNOWN} at first
   */
  record HeartbeatResponse(long term, long round, int loss) implements Message {
    /** Too few heartbeats were due. */
    public static final int LOSS_UNKNOWN = -1;

    /** Everything gets lost. */
    public static final int LOSS_MAX = 1_000;
  }

  /**
   * Entries that follow the one at {@code prevIndex}, possibly none.
   *
   * @param sequence the leader's count of requests to this peer; the answer carries it back
   */
  record AppendRequest(
      long term, long sequence, long prevIndex, long prevTerm, long commit, List<Entry> entries)
      implements Message {
    public AppendRequest {
      entries = List.copyOf(entries);
    }
  }

  /**
   * @param accepted whether the log matched at {@code prevIndex}
   * @param index accepted: the last index that this request proved, durable on the sender. Refused:
   *     the request's {@code prevIndex}
   * @param hintIndex refused: the last index at which the logs may still agree
   * @param hintTerm refused: the sender's term at {@code hintIndex}
   * @param lastIndex the sender's last durable index
   */
  record AppendResponse(
      long term,
      long sequence,
      boolean accepted,
      long index,
      long hintIndex,
      long hintTerm,
      long lastIndex)
      implements Message {}

  /**
   * A piece of a snapshot.
   *
   * @param piece its number, from 0
   * @param last whether it is the last one
   * @param hash of all data up to and with this piece, so that a piece of another stream or a
   *     flipped byte never becomes state
   */
  record SnapshotPiece(long term, SnapshotMeta meta, int piece, boolean last, long hash, Bytes data)
      implements Message {}

  /**
   * @param index the snapshot's
   * @param nextPiece the piece wanted next
   * @param installed whether the snapshot is in force and durable on the sender
   */
  record SnapshotResponse(long term, long index, int nextPiece, boolean installed)
      implements Message {}

  /** The leader asks an up-to-date follower to campaign at once (dissertation 3.10). */
  record TimeoutNow(long term) implements Message {}

  /**
   * A follower asks for a read index.
   *
   * @param id never used twice by the sender
   */
  record ReadIndexRequest(long term, long id) implements Message {}

  /**
   * @param index what the follower must have applied before it reads; -1: refused, ask the leader
   *     of the term
   */
  record ReadIndexResponse(long term, long id, long index) implements Message {}
}
