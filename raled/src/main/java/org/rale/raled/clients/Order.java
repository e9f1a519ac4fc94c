package org.rale.raled.clients;

import java.util.concurrent.atomic.AtomicInteger;
import org.rale.request.Request;

/**
 * Which requests of one connection may be under way together, so that a client that pipelines sees
 * what it would see one by one. Changes and reads of a key run side by side, for the node itself
 * keeps their order ({@code org.rale.replica.Pipeline}). Of all others reads run beside reads, but
 * not beside changes. What alters the membership runs alone, and so does a piece of a backup, which
 * is a copy: one of them is in memory for a connection.
 */
final class Order {
  private enum Kind {
    CHANGE,
    GET,
    READ,
    ALONE;

    static Kind of(Request request) {
      if (request instanceof Request.Backup || request instanceof Request.BackupPiece) {
        return ALONE;
      }
      if (request instanceof Request.Change change) {
        return change.isRead() ? GET : CHANGE;
      }
      if (request instanceof Request.Get get && !get.local()) {
        return GET;
      }
      boolean alters =
          request instanceof Request.Add
              || request instanceof Request.Remove
              || request instanceof Request.Transfer
              || request instanceof Request.Stop;
      return alters ? ALONE : READ;
    }
  }

  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicInteger gets = new AtomicInteger();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger alone = new AtomicInteger();

  /** Whether the request may begin now. */
  boolean admits(Request request) {
    boolean free = alone.get() == 0;
    return switch (Kind.of(request)) {
      case GET -> free;
      case CHANGE -> free && reads.get() == 0;
      case READ -> free && changes.get() == 0;
      case ALONE -> free && changes.get() == 0 && gets.get() == 0 && reads.get() == 0;
    };
  }

  /** The request begins; it was admitted. */
  void begin(Request request) {
    of(request).incrementAndGet();
  }

  /** The request was answered. Any thread. */
  void end(Request request) {
    of(request).decrementAndGet();
  }

  private AtomicInteger of(Request request) {
    return switch (Kind.of(request)) {
      case CHANGE -> changes;
      case GET -> gets;
      case READ -> reads;
      case ALONE -> alone;
    };
  }
}
