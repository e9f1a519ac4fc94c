package org.rale.loop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.rale.replica.ReplicaInput;

/**
 * What waits to be stepped. Many threads put in, the one that runs the turn takes out, as much at
 * once as is there.
 *
 * <p>Bounded for what others may send at will (S-16): at the bound {@link #offer} refuses, and the
 * client hears OVERLOADED or the message counts as lost. What this process itself must know (the
 * disk is done, a link is up) is never refused: there is a small number of each.
 */
public final class Inbox {
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private ArrayDeque<ReplicaInput> inputs = new ArrayDeque<>();
  private boolean woken;

  public Inbox(int capacity) {
    this.capacity = capacity;
  }

  /** Returns false at the bound. */
  public boolean offer(ReplicaInput input) {
    lock.lock();
    try {
      if (inputs.size() >= capacity) {
        return false;
      }
      put(input);
      return true;
    } finally {
      lock.unlock();
    }
  }

  public void force(ReplicaInput input) {
    lock.lock();
    try {
      put(input);
    } finally {
      lock.unlock();
    }
  }

  private void put(ReplicaInput input) {
    inputs.add(input);
    if (inputs.size() == 1) {
      filled.signal();
    }
  }

  /** Takes everything. */
  public List<ReplicaInput> drain() {
    lock.lock();
    try {
      if (inputs.isEmpty()) {
        return List.of();
      }
      List<ReplicaInput> all = new ArrayList<>(inputs);
      inputs = new ArrayDeque<>();
      return all;
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
      while (inputs.isEmpty() && !woken && left > 0) {
        left = filled.awaitNanos(left);
      }
      woken = false;
    } finally {
      lock.unlock();
    }
  }
}
