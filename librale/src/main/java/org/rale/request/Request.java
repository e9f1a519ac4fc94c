package org.rale.request;

import org.rale.bytes.Bytes;
import org.rale.dstore.StoreCommand;

/** What a client asks, whichever form of the protocol it came in. */
public sealed interface Request {
  /** About what a request takes in memory beside its key and value. */
  int FIXED_BYTES = 512;

  /** About how much memory it takes, for the bounds on what waits (S-16). */
  default long bytes() {
    if (this instanceof Change change) {
      return FIXED_BYTES + change.command().payloadBytes();
    }
    if (this instanceof Get get) {
      return (long) FIXED_BYTES + get.key().length();
    }
    if (this instanceof Watch watch) {
      return (long) FIXED_BYTES + watch.prefix().length();
    }
    if (this instanceof Wait wait) {
      return (long) FIXED_BYTES + wait.key().length();
    }
    return this instanceof Keys keys ? (long) FIXED_BYTES + keys.prefix().length() : FIXED_BYTES;
  }

  /** Whether it changes nothing, so that it may be asked again at no risk. */
  default boolean isRead() {
    return this instanceof Get
        || this instanceof Keys
        || this instanceof Leases
        || this instanceof LeaseKeepAlive
        || (this instanceof Change change
            && change.command() instanceof StoreCommand.Txn txn
            && !txn.mayChange())
        || this instanceof Backup
        || this instanceof BackupPiece
        || awaitsNews();
  }

  /** Whether it may wait, for as long as its time goes, until there is something new. */
  default boolean awaitsNews() {
    return this instanceof WatchLeader || this instanceof Watch || this instanceof Wait;
  }

  record Ping() implements Request {}

  /** This node's own state. */
  record Status() implements Request {}

  /** The members as this node sees them. */
  record ListNodes() implements Request {}

  /**
   * Waits until this node knows of another leader, or of another term, than the client does.
   *
   * @param leaderId whom the client knows of, -1: nobody
   * @param term of that; -1: the client knows nothing, and is answered at once
   */
  record WatchLeader(int leaderId, long term) implements Request {
    /** The client knows nothing. */
    public WatchLeader() {
      this(-1, -1);
    }
  }

  /**
   * Waits for changes of keys that start with the prefix.
   *
   * @param from those with a higher revision are told; -1: none, the answer says from where to go
   *     on
   */
  record Watch(Bytes prefix, long from) implements Request {
    /** Asks from where to go on. */
    public Watch(Bytes prefix) {
      this(prefix, -1);
    }
  }

  /**
   * Waits until the key is newer than this revision, or is gone.
   *
   * @param revision 0: until it exists
   */
  record Wait(Bytes key, long revision) implements Request {}

  /** A change of the table; needs the leader. */
  record Change(StoreCommand command) implements Request {}

  /**
   * @param local true: this node's applied state, which may be stale; false: linearizable
   */
  record Get(Bytes key, boolean local) implements Request {}

  /**
   * @param limit at most so many keys, 1 to {@link Limits#MAX_KEYS}
   */
  record Keys(Bytes prefix, int limit) implements Request {}

  /** The leases that there are. */
  record Leases() implements Request {}

  /**
   * The lease shall last for its whole time from now on. It changes nothing in the table, and is
   * answered by the leader, whose clock is the one that counts.
   */
  record LeaseKeepAlive(long lease) implements Request {}

  /**
   * Begins a backup of the table at the node that is asked; {@link BackupPiece} fetches it there.
   *
   * @param local true: of this node's applied state, which may be stale; false: with every change
   *     in it that was acknowledged before
   */
  record Backup(boolean local) implements Request {}

  /**
   * @param id the backup's at this node
   * @param piece the next one, from 0, or the last one once more
   */
  record BackupPiece(long id, int piece) implements Request {}

  record Add(int id, String name, String host, int ralePort, int dstorePort) implements Request {}

  /**
   * @param incarnation of the member that is meant, where the request may have been carried out
   *     before: another member that has the id by now stays. 0: whoever has the id
   */
  record Remove(int id, long incarnation) implements Request {
    public Remove(int id) {
      this(id, 0);
    }
  }

  /**
   * @param id the node that shall lead, 0: the most up-to-date one
   */
  record Transfer(int id) implements Request {}

  /** Ends the daemon; only over the control socket. */
  record Stop() implements Request {}
}
