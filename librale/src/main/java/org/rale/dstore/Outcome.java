package org.rale.dstore;

import java.util.List;

/** What applying a command did. A retried command gets the outcome of its first application. */
public sealed interface Outcome {

  /**
   * The key has the value.
   *
   * @param revision the log index that made it so
   * @param createdRevision the revision at which the key came to exist
   * @param version changes of the key since then, from 1
   */
  record Stored(long revision, long createdRevision, long version) implements Outcome {}

  /**
   * @param count 0 or 1
   * @param revision the log index of the command
   */
  record Deleted(int count, long revision) implements Outcome {}

  /**
   * The key was not at the expected revision; nothing changed.
   *
   * @param revision the key's, 0 when it does not exist
   */
  record Mismatch(long revision) implements Outcome {}

  /**
   * A retry of a client that the table has forgotten: whether it was applied before is not known.
   */
  record Forgotten() implements Outcome {}

  /**
   * A transaction was carried out. What is remembered of it for retries is all but the values.
   *
   * @param succeeded whether all conditions held
   * @param revision the log index of the command
   * @param results one for each step of the list that was chosen
   */
  record Txn(boolean succeeded, long revision, List<TxnResult> results) implements Outcome {
    public Txn {
      results = List.copyOf(results);
    }

    Txn withoutValues() {
      return new Txn(
          succeeded,
          revision,
          results.stream()
              .map(
                  result ->
                      result instanceof TxnResult.Got got
                          ? new TxnResult.Got(
                              got.revision(), got.createdRevision(), got.version(), null)
                          : result)
              .toList());
    }
  }

  /**
   * @param lease its id, the log index of the command
   */
  record LeaseGranted(long lease, long ttlMs) implements Outcome {}

  /**
   * The lease is no more.
   *
   * @param deleted how many keys went with it
   * @param revision the log index of the command
   */
  record LeaseEnded(long lease, int deleted, long revision) implements Outcome {}

  /** There is no such lease, any more or yet; nothing changed. */
  record LeaseMissing(long lease) implements Outcome {}

  /**
   * A bound is reached; nothing changed.
   *
   * @param lease which has as many keys as it may have; 0: there are as many leases as there may be
   */
  record LeaseLimit(long lease) implements Outcome {}
}
