package org.rale.raled.clients;

import java.util.concurrent.atomic.AtomicInteger;
import org.rale.request.Request;

/**
 * Which requests of one connection may be under way together, so that a client that pipelines sees
 * what it would see one by one: changes run beside changes and reads beside reads, but a read waits
 * for the changes before it, and a change for the reads. What alters the membership runs alone, and
 * so does a piece of a backup, which is a copy: one of them is in memory for a connection.
 */
final class Order {
  private enum Kind {
    CHANGE,
    READ,
    ALONE;

    static Kind of(Request request) {
      if (request instanceof Request.Backup || request instanceof Request.BackupPiece) {
        return ALONE;
      }
      if (request instanceof Request.Change) {
        return CHANGE;
      }
      boolean alters =
          request instanceof Request.Add
              || request instanceof Request.Remove
              || request instanceof Request.Transfer
              || request instanceof Request.Stop;
      return alters ? ALONE : READ;
    }
  }

  private final AtomicInteger underWay = new AtomicInteger();
  private Kind current = Kind.READ;

  /** Whether the request may begin now. */
  boolean admits(Request request) {
    Kind kind = Kind.of(request);
    return underWay.get() == 0 || (kind == current && kind != Kind.ALONE);
  }

  /** The request begins; it was admitted. */
  void begin(Request request) {
    current = Kind.of(request);
    underWay.incrementAndGet();
  }

  /** One of them was answered. Any thread. */
  void end() {
    underWay.decrementAndGet();
  }
}
