package org.rale.replica;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Item;
import org.rale.dstore.StoreCommand;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;

/**
 * Reads that may be answered as soon as this node has applied as much as was committed when they
 * were asked: in the order of that, and then in the order in which they came.
 *
 * <p>A turn answers so many that it stays short, for heartbeats and elections wait for its end; the
 * next turn goes on (S-16).
 */
final class ReadDesk {
  /** What an answer costs beside what it says, and a key beside its own bytes: about its memory. */
  private static final int FIXED_BYTES = 512;

  private static final int KEY_FIXED_BYTES = 32;

  private final Unit unit;
  private final LeaseDesk leases;
  private final KeyWatches watches;
  private final Backups backups;

  private final PriorityQueue<Operation> readable =
      new PriorityQueue<>(
          Comparator.<Operation>comparingLong(Operation::index)
              .thenComparingLong(operation -> operation.id));

  ReadDesk(Unit unit, LeaseDesk leases, KeyWatches watches) {
    this.unit = unit;
    this.leases = leases;
    this.watches = watches;
    this.backups = new Backups(unit);
  }

  /**
   * The read may be answered when that index is applied.
   *
   * @param term in which it was confirmed
   */
  void ready(Operation operation, long index, long term) {
    operation.readable(index, term);
    readable.add(operation);
  }

  /** Its time is up. */
  void drop(Operation operation) {
    readable.remove(operation);
  }

  /** Those that mind an order, the oldest first: they are not answered here. */
  List<Operation> takeOrdered() {
    List<Operation> taken =
        readable.stream()
            .filter(operation -> operation.pipeline() != null)
            .sorted(Comparator.comparingLong(operation -> operation.id))
            .toList();
    readable.removeIf(operation -> operation.pipeline() != null);
    return taken;
  }

  /** Answers what a turn has time for: one read, and more as long as they are small. */
  void serve() {
    long left = unit.config.readBytesATurn();
    while (left > 0 && isBehind()) {
      Operation operation = readable.remove();
      if (operation.isDone()) {
        continue;
      }
      if (KeyWatches.takes(operation.request())) {
        left -= FIXED_BYTES;
        watches.enter(operation);
        continue;
      }
      left -= answer(operation);
    }
  }

  /**
   * Answers it with what is applied so far: at least what it waits for. It stays in the line, done.
   *
   * @return about how much memory the answer takes
   */
  long answer(Operation operation) {
    Response response = response(operation);
    if (response == null) {
      unit.operations.park(operation, false);
      return 0;
    }
    unit.operations.answer(operation, response);
    return bytes(response);
  }

  void tick() {
    backups.tick();
  }

  /** Whether reads wait for nothing but the next turn. */
  boolean isBehind() {
    return !readable.isEmpty() && readable.peek().index() <= unit.raft().appliedIndex();
  }

  /** Null where another node has to be asked. */
  private @Nullable Response response(Operation operation) {
    Request request = operation.request();
    if (request instanceof Request.LeaseKeepAlive keepAlive) {
      return leases.keepAlive(keepAlive.lease(), operation.term());
    }
    if (request instanceof Request.Change change
        && change.command() instanceof StoreCommand.Txn txn) {
      return Answers.of(unit.store().read(txn));
    }
    if (request instanceof Request.Leases) {
      return new Response.LeaseList(unit.store().leases());
    }
    if (request instanceof Request.Get get) {
      return value(get.key());
    }
    if (request instanceof Request.Keys keys) {
      return keys(keys);
    }
    if (request instanceof Request.Backup) {
      return backups.begin();
    }
    if (request instanceof Request.BackupPiece piece) {
      return backups.piece(piece);
    }
    throw new IllegalStateException("no read: " + request);
  }

  /** As of what this node has applied. */
  Response value(Bytes key) {
    Item item = unit.store().get(key);
    return item == null ? Failed.keyNotFound(key) : Response.Value.of(item);
  }

  private Response keys(Request.Keys request) {
    List<Bytes> keys = unit.store().keys(request.prefix(), request.limit() + 1);
    boolean truncated = keys.size() > request.limit();
    return new Response.KeyList(
        truncated ? keys.subList(0, request.limit()) : keys,
        truncated,
        unit.store().appliedIndex());
  }

  private static long bytes(Response response) {
    long bytes = FIXED_BYTES;
    if (response instanceof Response.Value value) {
      bytes += value.value().length();
    } else if (response instanceof Response.BackupPart part) {
      bytes += part.data().length();
    } else if (response instanceof Response.KeyList list) {
      for (Bytes key : list.keys()) {
        bytes += KEY_FIXED_BYTES + key.length();
      }
    }
    return bytes + Answers.bytes(response);
  }
}
