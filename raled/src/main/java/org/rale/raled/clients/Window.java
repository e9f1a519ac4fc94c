package org.rale.raled.clients;

import java.util.concurrent.atomic.AtomicInteger;
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
 * <p>Those that only wait for news (a watch) keep nobody waiting, and are not counted.
 */
public final class Window {
  /**
   * In requests with short lines: for one connection alone the batches that are being synced and
   * sent, and the next ones.
   */
  static final int SIZE = 512;

  /** So many bytes of its line weigh as much as a request itself. One alone has 4 MiB. */
  static final int UNIT_BYTES = 16 << 10;

  private final AtomicInteger taken = new AtomicInteger();

  private static int weight(int lineBytes) {
    return 1 + lineBytes / UNIT_BYTES;
  }

  /** What one connection has of it. */
  final class Part {
    private final AtomicInteger mine = new AtomicInteger();

    boolean hasRoom() {
      int weight = mine.get();
      return weight == 0 || weight < SIZE - taken.get();
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
        mine.addAndGet(by);
      }
    }
  }
}
