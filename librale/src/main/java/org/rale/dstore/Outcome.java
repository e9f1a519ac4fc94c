package org.rale.dstore;

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
}
