package org.rale.raft;

/**
 * One entry of the log.
 *
 * @param index its place, from 1
 * @param term the term of the leader that made it, from 1
 */
public record Entry(long index, long term, Payload payload) {
  /** Counted for each entry beside its payload: index, term, object headers. */
  private static final int OVERHEAD = 64;

  public Entry {
    if (index < 1 || term < 1) {
      throw new IllegalArgumentException("entry " + index + " of term " + term);
    }
  }

  /** About how many bytes it takes in memory. */
  public long memoryBytes() {
    if (payload instanceof Payload.Command command) {
      return (long) OVERHEAD + command.bytes().length();
    }
    if (payload instanceof Payload.Members members) {
      return OVERHEAD * (1L + members.membership().size());
    }
    return OVERHEAD;
  }
}
