package org.rale.raled.clients;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.rale.request.Request;

/**
 * How much all clients of this node together have under way, so that one that floods does not stand
 * in front of the others: requests are served in the order in which they come, and whoever comes
 * waits for all that are there.
 *
 * <p>A connection may have as much under way as is left of the window, and one request always. So
 * one alone has half of it; with n that ask for more than they get, each has one part of n + 1, and
 * the last part stays free for those that ask for little. Whoever has no room waits for an answer
 * of its own, and for nobody else's: there is no line that a node without a leader could hold up.
 *
 * <p>A long queue makes large batches, which are cheap, and late answers. Who floods wants the one,
 * who asks for little the other. So while there are such as ask for little, those that ask for much
 * share a smaller window.
 *
 * <p>Those that only wait for news (a watch) keep nobody waiting, and are not counted.
 */
public final class Window {
  /**
   * In requests with short lines: for one connection alone the batches that are being synced and
   * sent, and the next ones.
   */
  static final int SIZE = 512;

  /** What those that ask for much have of it while others ask for little. */
  static final int SHARED = 128;

  /** Who has no more than this under way, and gets it, asks for little. */
  static final int LITTLE = 32;

  /** For so long it is remembered that somebody asked for little, or for much. */
  static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** So many bytes of its line weigh as much as a request itself. One alone has 4 MiB. */
  static final int UNIT_BYTES = 16 << 10;

  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger takenByGreedy = new AtomicInteger();
  private final LongSupplier nanos;

  /** When somebody who asks for little was last seen. */
  private volatile long modestAt;

  public Window() {
    this(System::nanoTime);
  }

  Window(LongSupplier nanos) {
    this.nanos = nanos;
    this.modestAt = nanos.getAsLong() - MEMORY_NANOS;
  }

  private static int weight(int lineBytes) {
    return 1 + lineBytes / UNIT_BYTES;
  }

  /** What one connection has of it. */
  final class Part {
    private static final int GREEDY = 1 << 30;

    /** Its weight, and GREEDY if it asks for much: in one number, so that none is counted twice. */
    private final AtomicInteger mine = new AtomicInteger();

    private long greedyAt;
    private boolean sharing;

    boolean hasRoom() {
      int weight = mine.get() & ~GREEDY;
      return weight == 0
          || (weight < SIZE - taken.get()
              && !(sharing && isGreedy() && weight >= SHARED - takenByGreedy.get()));
    }

    private boolean isGreedy() {
      return (mine.get() & GREEDY) != 0;
    }

    /** The request is on its way. */
    void begin(Request request, int lineBytes) {
      count(request, weight(lineBytes));
    }

    /** It was answered. Any thread. */
    void end(Request request, int lineBytes) {
      count(request, -weight(lineBytes));
    }

    private void count(Request request, int by) {
      if (!request.awaitsNews()) {
        taken.addAndGet(by);
        if ((mine.addAndGet(by) & GREEDY) != 0) {
          takenByGreedy.addAndGet(by);
        }
      }
    }

    /** Some of it is about to begin. */
    void look() {
      sharing = nanos.getAsLong() - modestAt < MEMORY_NANOS;
    }

    /**
     * All that could begin has begun: now it shows how much it asks for.
     *
     * @param more whether some of it is left
     */
    void settle(boolean more) {
      long now = nanos.getAsLong();
      int weight = mine.get() & ~GREEDY;
      if (weight > LITTLE || (more && !hasRoom())) {
        greedyAt = now;
        become(true);
      } else if (now - greedyAt >= MEMORY_NANOS) {
        become(false);
      }
      if (weight > 0 && !isGreedy()) {
        modestAt = now;
      }
    }

    private void become(boolean greedy) {
      if (greedy != isGreedy()) {
        int weight = mine.addAndGet(greedy ? GREEDY : -GREEDY) & ~GREEDY;
        takenByGreedy.addAndGet(greedy ? weight : -weight);
      }
    }
  }
}
