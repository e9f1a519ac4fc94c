package org.rale.ralectrl.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.rale.ralectrl.output.Failure;

/**
 * A thread, and the lanes that it drives: each of them when its connection has something for it.
 */
final class Driver implements Runnable {
  /** How often to look for what no connection tells: silence, and the end of a rest. */
  private static final long LOOK_NANOS = 100_000_000;

  private final List<Lane> lanes;
  private final Executor openers;
  private final Selector selector;

  /** What was opened by other threads, for this one. */
  private final Queue<Runnable> opened = new ConcurrentLinkedQueue<>();

  private boolean someEnded;

  /**
   * @param lanes connected
   * @param openers makes connections anew: names and handshakes take their time, and other lanes
   *     shall not wait for them
   */
  Driver(List<Lane> lanes, Executor openers) throws IOException {
    this.lanes = List.copyOf(lanes);
    this.openers = openers;
    this.selector = Selector.open();
  }

  /** Until all lanes are done. */
  @Override
  public void run() {
    try (selector) {
      List<Lane> left = new ArrayList<>(lanes);
      for (Lane lane : lanes) {
        lane.begin(this);
      }
      long lookedAt = System.nanoTime() - LOOK_NANOS;
      while (!left.isEmpty() && !Thread.currentThread().isInterrupted()) {
        long now = System.nanoTime();
        if (someEnded || now - lookedAt >= LOOK_NANOS) {
          lookedAt = now;
          someEnded = false;
          left.forEach(lane -> lane.look(now));
          left.removeIf(Lane::isDone);
        }
        if (!left.isEmpty()) {
          selector.select(this::ready, LOOK_NANOS / 1_000_000);
          takeOpened();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lanes.forEach(Lane::close);
    }
  }

  private void ready(SelectionKey key) {
    Lane lane = (Lane) key.attachment();
    lane.ready();
    someEnded |= lane.isDone();
  }

  private void takeOpened() {
    for (Runnable next = opened.poll(); next != null; next = opened.poll()) {
      next.run();
      someEnded = true;
    }
  }

  SelectionKey register(Lane lane, SocketChannel channel) throws IOException {
    return channel.register(selector, SelectionKey.OP_READ, lane);
  }

  /** Gives the lane another connection, or the reason why there is none, later on this thread. */
  void open(Lane lane, Opening opening, int first) {
    openers.execute(
        () -> {
          try {
            Opening.Open open = opening.from(first);
            opened.add(() -> lane.take(open));
          } catch (Failure e) {
            opened.add(() -> lane.notOpened(e));
          }
          selector.wakeup();
        });
  }
}
