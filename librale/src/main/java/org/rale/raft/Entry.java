package org.rale.raft;

/**
 * One entry of the log.
 *
 * @param index its place, from 1
 * @param term the term of the leader that made it, from 1
 */
public record Entry(long index, long term, Payload payload) {
  public Entry {
    if (index < 1 || term < 1) {
      throw new IllegalArgumentException("entry " + index + " of term " + term);
    }
  }
}
