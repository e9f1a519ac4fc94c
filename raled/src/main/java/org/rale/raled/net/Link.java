package org.rale.raled.net;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.rale.wire.Identity;
import org.rale.wire.MessageSize;
import org.rale.wire.PeerMessage;

/**
 * A connection to a node that passed its handshake, and what waits to leave over it.
 *
 * <p>The node's turn calls {@link #offer} for each message and {@link #flush} once: that hands all
 * of them to the channel's event loop in one task, which encodes and writes them. Messages are
 * counted by {@link MessageSize} from the offer until the kernel has them, so that a peer that
 * reads slowly, or not at all, holds a bounded amount of memory and never blocks the turn (S-16).
 */
final class Link {
  /** What may wait for one peer. Beyond it messages are dropped; the rules send again. */
  static final long MAX_QUEUED_BYTES = 16L << 20;

  /**
   * Room beyond the bound for election and heartbeat messages, and for answers to requests that the
   * peer passed on: the entries and snapshots of a slow peer must not cost the leader its power,
   * nor the peer's clients the word on what became of their changes.
   */
  static final long RESERVE_BYTES = 2L << 20;

  /** What one turn may hand over to the event loop at most, in bytes and messages. */
  record Batch(List<PeerMessage> messages, long bytes) {}

  private final Channel channel;
  private final Identity peer;
  private final long process;
  private final int priority;
  private final int version;
  private final boolean dialled;
  private final long upSinceNanos;
  private final Contact contact;

  /** When the peer was asked whether it lives; of home only, like the next. */
  private long askedNanos;

  private boolean asked;
  private final AtomicLong queuedBytes = new AtomicLong();

  /** Of the node's turn only. */
  private List<PeerMessage> turn = new ArrayList<>();

  /** Of the node's turn only. */
  private long turnBytes;

  /**
   * @param process of the peer, see {@link org.rale.wire.Handshake.Hello}
   */
  Link(
      Channel channel,
      Identity peer,
      long process,
      int priority,
      int version,
      boolean dialled,
      long upSinceNanos,
      Contact contact) {
    this.channel = channel;
    this.peer = peer;
    this.process = process;
    this.priority = priority;
    this.version = version;
    this.dialled = dialled;
    this.upSinceNanos = upSinceNanos;
    this.contact = contact;
  }

  Channel channel() {
    return channel;
  }

  Identity peer() {
    return peer;
  }

  long process() {
    return process;
  }

  int priority() {
    return priority;
  }

  /** Of the protocol between the two. */
  int version() {
    return version;
  }

  boolean dialled() {
    return dialled;
  }

  long upSinceNanos() {
    return upSinceNanos;
  }

  /** Something came over it, if only a piece of a message. Any thread. */
  void heard() {
    contact.heard();
  }

  /**
   * Whether the peer has answered a question that was asked so long ago; a silent one's link would
   * be closed by now. Asks, where the last question is an old one, and says no until it has its
   * answer.
   */
  boolean answers(long nowNanos, long patienceNanos) {
    long sinceNanos = nowNanos - askedNanos;
    if (!asked || sinceNanos > 3 * patienceNanos) {
      asked = true;
      askedNanos = nowNanos;
      LinkHandler handler = channel.pipeline().get(LinkHandler.class);
      if (handler != null) {
        handler.probe();
      }
      return false;
    }
    return sinceNanos > patienceNanos;
  }

  /** What waits, in bytes. Any thread. */
  long queuedBytes() {
    return queuedBytes.get();
  }

  /** Called by the node's turn. False where the queue is full and the message was dropped. */
  boolean offer(PeerMessage message) {
    long size = MessageSize.of(message);
    boolean usesReserve =
        Lanes.isElection(message)
            || message instanceof PeerMessage.ForwardReply
            || message instanceof PeerMessage.ForwardLost;
    long bound = usesReserve ? MAX_QUEUED_BYTES + RESERVE_BYTES : MAX_QUEUED_BYTES;
    // One message alone is always taken: each has its own bound in the codec.
    long before = queuedBytes.get();
    if (before > 0 && before + size > bound) {
      return false;
    }
    queuedBytes.addAndGet(size);
    turnBytes += size;
    turn.add(message);
    return true;
  }

  /** Called by the node's turn: what was offered may leave. */
  void flush() {
    if (turn.isEmpty()) {
      return;
    }
    Batch batch = new Batch(turn, turnBytes);
    turn = new ArrayList<>();
    turnBytes = 0;
    // The pipeline runs this on the channel's event loop: one hand-off for the whole turn.
    channel.writeAndFlush(batch).addListener(done -> queuedBytes.addAndGet(-batch.bytes()));
  }

  void close() {
    channel.close();
  }
}
