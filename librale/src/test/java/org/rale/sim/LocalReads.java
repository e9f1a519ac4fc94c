package org.rale.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Item;
import org.rale.raft.RaftStatus;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * A LOCAL read shows what the node had applied when it answered: it may be older than what others
 * have, and is never a mixture, and never older than the node itself.
 */
final class LocalReads {
  private record Read(Bytes key, @Nullable Item item) {}

  private final Reference reference;
  private final Coverage coverage;

  /** Those of the turn that runs. */
  private final List<Read> reads = new ArrayList<>();

  LocalReads(Reference reference, Coverage coverage) {
    this.reference = reference;
    this.coverage = coverage;
  }

  void answered(Request request, Response response) {
    if (!(request instanceof Request.Get get) || !get.local()) {
      return;
    }
    if (response instanceof Response.Value value) {
      Item item =
          new Item(value.value(), value.revision(), value.createdRevision(), value.version());
      reads.add(new Read(get.key(), item));
    } else if (response instanceof Response.Failed failed
        && failed.code() == ErrorCode.KEY_NOT_FOUND) {
      reads.add(new Read(get.key(), null));
    }
  }

  /** The turn is over, in which the node may have applied more. */
  void look(Life life, RaftStatus before, RaftStatus status) {
    for (Read read : reads) {
      judge(life, read, before.appliedIndex(), status.appliedIndex());
    }
    reads.clear();
  }

  private void judge(Life life, Read read, long from, long to) {
    coverage.saw(Seen.LOCAL_READ);
    for (long index = from; index <= to; index++) {
      if (java.util.Objects.equals(reference.at(read.key(), index), read.item())) {
        boolean newest =
            java.util.Objects.equals(reference.at(read.key(), Long.MAX_VALUE), read.item());
        if (!newest) {
          coverage.saw(Seen.STALE_READ);
        }
        return;
      }
    }
    throw new SimFailure(
        "node "
            + life.id()
            + " has applied up to "
            + to
            + " and reads "
            + read.item()
            + " of "
            + read.key().toText()
            + " locally, where stands "
            + reference.at(read.key(), to));
  }
}
