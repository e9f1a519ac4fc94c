package org.rale.dstore;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the table remembers of one client: the outcomes of its changes above a floor (S-15).
 *
 * <p>Every change of this session that was applied and has a sequence above the floor is in the
 * window; at or below the floor anything may have happened. It may be changed while its epoch is
 * that of {@link Sessions}.
 */
final class Session {
  /** What a session has in an image besides its outcomes: five numbers and a count. */
  static final int HEADER_BYTES = 5 * 8 + 4;

  /** What an outcome has in a session's image besides itself. */
  static final int SEQUENCE_BYTES = 8;

  private static final int FIRST_CAPACITY = 4;

  private final long epoch;
  private final ClientId client;
  private final long forgottenBefore;
  private long lastUsed;
  private long floor;

  /** Ascending, from {@code head} on; {@code outcomes} and their {@code digests} beside them. */
  private long[] sequences;

  private @Nullable Outcome[] outcomes;
  private long[] digests;
  private int head;
  private int size;

  /** What the outcomes count for against the bounds: one each, more where they are long. */
  private int units;

  private long outcomesDigest;
  private int outcomesBytes;

  /** What {@link #digest} said; 0 where it is to be made anew. */
  private long digest;

  /**
   * @param forgottenBefore when the session began, the last use of any client forgotten by then: an
   *     earlier session of this client may be among them
   * @param lastUsed the index of the client's last command
   * @param floor the highest sequence whose outcome may be gone
   */
  Session(long epoch, ClientId client, long forgottenBefore, long lastUsed, long floor) {
    this.epoch = epoch;
    this.client = client;
    this.forgottenBefore = forgottenBefore;
    this.lastUsed = lastUsed;
    this.floor = floor;
    this.sequences = new long[FIRST_CAPACITY];
    this.outcomes = new Outcome[FIRST_CAPACITY];
    this.digests = new long[FIRST_CAPACITY];
  }

  Session copy(long newEpoch) {
    Session copy = new Session(newEpoch, client, forgottenBefore, lastUsed, floor);
    copy.sequences = Arrays.copyOfRange(sequences, head, head + Math.max(size, FIRST_CAPACITY));
    copy.outcomes = Arrays.copyOfRange(outcomes, head, head + Math.max(size, FIRST_CAPACITY));
    copy.digests = Arrays.copyOfRange(digests, head, head + Math.max(size, FIRST_CAPACITY));
    copy.size = size;
    copy.units = units;
    copy.outcomesDigest = outcomesDigest;
    copy.outcomesBytes = outcomesBytes;
    copy.digest = digest;
    return copy;
  }

  long epoch() {
    return epoch;
  }

  ClientId client() {
    return client;
  }

  long forgottenBefore() {
    return forgottenBefore;
  }

  long lastUsed() {
    return lastUsed;
  }

  long floor() {
    return floor;
  }

  int size() {
    return size;
  }

  int units() {
    return units;
  }

  long sequence(int position) {
    return sequences[head + position];
  }

  Outcome outcome(int position) {
    return present(outcomes[head + position]);
  }

  /** What a command gets without being applied; null when it is to be applied. */
  @Nullable Outcome recall(Origin origin) {
    int at = search(origin.sequence());
    if (at >= 0) {
      return outcomes[at];
    }
    boolean mayHaveBeenApplied =
        origin.sequence() <= floor || (origin.retry() && forgottenBefore > origin.since());
    return mayHaveBeenApplied ? new Outcome.Forgotten() : null;
  }

  void use(long index) {
    lastUsed = index;
    digest = 0;
  }

  /**
   * Adds the outcome of a sequence above the floor; beyond the bound, those of the lowest go, but
   * for the last one that there is.
   */
  void remember(long sequence, Outcome outcome, int bound) {
    int found = search(sequence);
    if (found >= 0 || sequence <= floor) {
      throw new IllegalStateException("sequence " + sequence + " was applied before");
    }
    int position = -(found + 1) - head;
    reserve();
    int at = head + position;
    System.arraycopy(sequences, at, sequences, at + 1, size - position);
    System.arraycopy(outcomes, at, outcomes, at + 1, size - position);
    System.arraycopy(digests, at, digests, at + 1, size - position);
    sequences[at] = sequence;
    outcomes[at] = outcome;
    digests[at] = digest(sequence, outcome);
    size++;
    units += OutcomeCodec.units(outcome);
    outcomesDigest += digests[at];
    digest = 0;
    outcomesBytes += SEQUENCE_BYTES + OutcomeCodec.bytes(outcome);
    while (units > bound && size > 1) {
      acknowledge(sequences[head]);
    }
  }

  /** Forgets the outcomes up to a sequence. */
  void acknowledge(long sequence) {
    while (size > 0 && sequences[head] <= sequence) {
      Outcome outcome = present(outcomes[head]);
      outcomesDigest -= digests[head];
      outcomesBytes -= SEQUENCE_BYTES + OutcomeCodec.bytes(outcome);
      units -= OutcomeCodec.units(outcome);
      outcomes[head] = null;
      head++;
      size--;
    }
    floor = Math.max(floor, sequence);
    digest = 0;
  }

  /** Bytes of the session in an image. */
  int liveBytes() {
    return HEADER_BYTES + outcomesBytes;
  }

  /** The session's part of the state hash. It is kept, for each change takes the former one off. */
  long digest() {
    if (digest == 0) {
      digest =
          outcomesDigest
              + new SipHash()
                  .add(client.high())
                  .add(client.low())
                  .add(forgottenBefore)
                  .add(lastUsed)
                  .add(floor)
                  .finish();
    }
    return digest;
  }

  private long digest(long sequence, Outcome outcome) {
    SipHash hash = new SipHash().add(client.high()).add(client.low()).add(sequence);
    OutcomeCodec.digest(outcome, hash);
    return hash.finish();
  }

  private int search(long sequence) {
    return Arrays.binarySearch(sequences, head, head + size, sequence);
  }

  /** Makes room for one more behind the last. */
  private void reserve() {
    if (head + size < sequences.length) {
      return;
    }
    int capacity = head > size ? sequences.length : sequences.length * 2;
    long[] newSequences = new long[capacity];
    @Nullable Outcome[] newOutcomes = new Outcome[capacity];
    long[] newDigests = new long[capacity];
    System.arraycopy(sequences, head, newSequences, 0, size);
    System.arraycopy(outcomes, head, newOutcomes, 0, size);
    System.arraycopy(digests, head, newDigests, 0, size);
    sequences = newSequences;
    outcomes = newOutcomes;
    digests = newDigests;
    head = 0;
  }

  private static Outcome present(@Nullable Outcome outcome) {
    if (outcome == null) {
      throw new IllegalStateException("a sequence without its outcome");
    }
    return outcome;
  }
}
