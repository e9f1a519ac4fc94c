package org.rale.loop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.rale.replica.Quota;
import org.rale.replica.ReplicaInput;
import org.rale.wire.MessageSize;

/**
 * What waits to be stepped. Many threads put in, the one that runs the turn takes out.
 *
 * <p>Bounded in items and bytes for what others may send at will (S-16), clients and nodes each for
 * themselves: however many requests wait, a message of a node finds room. Requests beyond the bound
 * hear OVERLOADED, messages beyond it count as lost. What this process itself must know (the disk
 * is done, a link is up) is never refused: there is a small number of each.
 *
 * <p>A turn takes all that came from nodes and from this process, in its order, and then requests,
 * no more than it can carry out before the next heartbeat is due.
 */
public final class Inbox {
  /** Requests that may wait for a turn. */
  public static final int MAX_REQUESTS = 65_536;

  /** Messages of nodes that may wait for a turn. */
  public static final int MAX_MESSAGES = 65_536;

  /**
   * What they may take in memory: more than a leader has under way to a peer, or seven peers to
   * their leader. Only a process that stands still lets so much wait.
   */
  public static final long MAX_MESSAGE_BYTES = 64L << 20;

  /** Requests that one turn takes. */
  public static final int MAX_REQUESTS_A_TURN = 4_096;

  private final Quota requestQuota;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final ArrayDeque<ReplicaInput> requests = new ArrayDeque<>();
  private Quota messageQuota = new Quota(MAX_MESSAGES, MAX_MESSAGE_BYTES);
  private List<ReplicaInput> others = new ArrayList<>();
  private boolean woken;

  /**
   * @param maxRequestBytes what requests that wait for a turn may take in memory
   */
  public Inbox(long maxRequestBytes) {
    requestQuota = new Quota(MAX_REQUESTS, maxRequestBytes);
  }

  /** A client's request. Returns false at the bound. */
  public boolean offer(ReplicaInput.Submit request) {
    long size = request.request().bytes();
    lock.lock();
    try {
      if (!requestQuota.admits(size)) {
        return false;
      }
      requestQuota.take(size);
      requests.add(request);
      filled.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** A node's message. Returns false at the bound. */
  public boolean offer(ReplicaInput.FromPeer message) {
    long size = MessageSize.of(message.message());
    lock.lock();
    try {
      if (!messageQuota.admits(size)) {
        return false;
      }
      messageQuota.take(size);
      put(message);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** What this process must know. */
  public void force(ReplicaInput input) {
    lock.lock();
    try {
      put(input);
    } finally {
      lock.unlock();
    }
  }

  /** What comes behind the requests that wait already: the end of the node. */
  public void forceBehindRequests(ReplicaInput input) {
    lock.lock();
    try {
      requests.add(input);
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  private void put(ReplicaInput input) {
    others.add(input);
    filled.signal();
  }

  /** Takes what one turn shall step. */
  public List<ReplicaInput> drain() {
    lock.lock();
    try {
      List<ReplicaInput> taken = others;
      others = new ArrayList<>();
      messageQuota = new Quota(MAX_MESSAGES, MAX_MESSAGE_BYTES);
      for (int i = 0; i < MAX_REQUESTS_A_TURN && !requests.isEmpty(); i++) {
        ReplicaInput next = requests.remove();
        if (next instanceof ReplicaInput.Submit request) {
          requestQuota.give(request.request().bytes());
        }
        taken.add(next);
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Ends an {@link #await} without an input. */
  public void wake() {
    lock.lock();
    try {
      woken = true;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something is there or the time has passed. */
  public void await(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (others.isEmpty() && requests.isEmpty() && !woken && left > 0) {
        left = filled.awaitNanos(left);
      }
      woken = false;
    } finally {
      lock.unlock();
    }
  }
}
