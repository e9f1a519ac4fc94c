package org.rale.request;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Item;
import org.rale.dstore.KeyChange;
import org.rale.dstore.LeaseItem;
import org.rale.dstore.TxnResult;

/** The answer to a {@link Request}. */
public sealed interface Response {

  record Pong() implements Response {}

  record Stopping() implements Response {}

  record Value(Bytes value, long revision, long createdRevision, long version) implements Response {
    public static Value of(Item item) {
      return new Value(item.value(), item.revision(), item.createdRevision(), item.version());
    }
  }

  record Stored(long revision, long createdRevision, long version) implements Response {}

  /**
   * @param count 0 or 1
   */
  record Deleted(int count, long revision) implements Response {}

  /**
   * @param truncated whether there are more keys than the limit
   * @param revision of the table when they were read; 0: it is not known
   */
  record KeyList(List<Bytes> keys, boolean truncated, long revision) implements Response {
    public KeyList {
      keys = List.copyOf(keys);
    }
  }

  /**
   * What a {@link Request.Watch} has seen.
   *
   * @param changes in the order in which they were applied; none where there was none in time
   * @param revision up to which they are all that there were: from where to go on
   */
  record Events(List<KeyChange> changes, long revision) implements Response {
    public Events {
      changes = List.copyOf(changes);
    }
  }

  /**
   * A transaction was carried out.
   *
   * @param succeeded whether all its conditions held
   * @param results one for each step of the list that was chosen by that
   */
  record Txn(boolean succeeded, long revision, List<TxnResult> results) implements Response {
    public Txn {
      results = List.copyOf(results);
    }
  }

  /**
   * @param lease its id, the revision of the grant
   */
  record LeaseGranted(long lease, long ttlMs) implements Response {}

  /** It lasts at least for its whole time, counted from when the request was sent. */
  record LeaseKept(long lease, long ttlMs) implements Response {}

  /**
   * @param deleted how many keys went with it
   */
  record LeaseRevoked(long lease, int deleted, long revision) implements Response {}

  /** By id. */
  record LeaseList(List<LeaseItem> leases) implements Response {
    public LeaseList {
      leases = List.copyOf(leases);
    }
  }

  /**
   * A backup was begun.
   *
   * @param id names it at this node, 1 to 2^53 - 1
   * @param index the log index that the table is as of, this node's applied one
   * @param term the highest term that this node knows of
   * @param bytes of all its pieces together, about
   * @param meta the snapshot's place in the log, as cluster.db has it
   */
  record BackupBegun(
      long id, long clusterId, long index, long term, int keys, long bytes, Bytes meta)
      implements Response {}

  /**
   * A piece of the table's image.
   *
   * @param piece its number, from 0
   * @param checksum CRC32C over all pieces up to this one
   */
  record BackupPart(int piece, boolean last, int checksum, Bytes data) implements Response {}

  /**
   * @param already it was a member before, with the same address
   * @param founded it is the first member of a new cluster
   */
  record Added(int id, boolean already, boolean founded) implements Response {}

  record Removed(int id) implements Response {}

  record Transferred(int leaderId) implements Response {}

  /**
   * What this node knows of the leader.
   *
   * @param leaderId -1: it knows of none
   * @param term the highest one that it knows of
   * @param address the leader's; null where it is not known
   */
  record Leader(int leaderId, long term, @Nullable Address address) implements Response {}

  /**
   * How a node is called, and where it is reached.
   *
   * @param host an address or a name
   */
  record Address(String name, String host, int ralePort, int dstorePort) {}

  record Nodes(List<NodeInfo> nodes) implements Response {
    public Nodes {
      nodes = List.copyOf(nodes);
    }
  }

  /** The fields in the order in which they are shown. Values are numbers or short words. */
  record StatusReport(List<Field> fields) implements Response {
    public StatusReport {
      fields = List.copyOf(fields);
    }
  }

  /**
   * @param number whether JSON shows the value as a number
   */
  record Field(String name, String value, boolean number) {
    public static Field of(String name, long value) {
      return new Field(name, Long.toString(value), true);
    }

    public static Field of(String name, String value) {
      return new Field(name, value, false);
    }
  }

  /**
   * @param message what is wrong, naming the thing at fault
   * @param detail the figures behind it
   * @param hint what to do next
   * @param revision with REVISION_MISMATCH: where the key is; otherwise 0
   */
  record Failed(
      ErrorCode code, String message, @Nullable String detail, @Nullable String hint, long revision)
      implements Response {

    public static Failed of(ErrorCode code, String message) {
      return new Failed(code, message, null, null, 0);
    }

    public static Failed of(ErrorCode code, String message, String hint) {
      return new Failed(code, message, null, hint, 0);
    }

    public static Failed keyNotFound(Bytes key) {
      return of(ErrorCode.KEY_NOT_FOUND, "key not found: " + key.toText());
    }

    /**
     * @param revision where the key is, 0: it does not exist
     */
    public static Failed revisionMismatch(long revision) {
      return new Failed(
          ErrorCode.REVISION_MISMATCH,
          "revision mismatch: key is at revision " + revision,
          revision == 0 ? "it does not exist" : null,
          null,
          revision);
    }

    /** All of it on one line. */
    public String text() {
      StringBuilder text = new StringBuilder(message);
      if (detail != null) {
        text.append(" (").append(detail).append(')');
      }
      if (hint != null) {
        text.append("; ").append(hint);
      }
      return text.toString();
    }
  }
}
