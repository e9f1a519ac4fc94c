package org.rale.raft;

/**
 * The figures of the rules. Times are in ticks.
 *
 * @param tickMs how long a tick is, for texts that people read
 * @param nodeId this node
 * @param priority 1 to 100; see {@link Timer}
 * @param electionTicksMin a node that heard a leader within so many ticks helps nobody else to
 *     power
 * @param electionTicksMax the longest silence that a node of the highest priority waits out
 * @param heartbeatTicks how often a leader says that it lives; below {@code electionTicksMin}
 * @param maxAppendBytes about how many bytes of entries go into one message
 * @param maxInFlight how many unanswered append messages a peer may have
 * @param maxUncommittedBytes beyond which a leader takes no more proposals (S-16)
 * @param trailingBytes about how many bytes of applied entries stay in memory, for peers that lag a
 *     little; four times as many while a peer gets a snapshot and catches up behind it
 * @param steadyTicks how long a voter of higher priority is watched before leadership moves to it;
 *     see {@link Succession}
 * @param adaptive whether timeouts follow what is heard of the leader, and heartbeats the losses;
 *     see {@link Timer} and {@link Pace}
 */
public record RaftSettings(
    int tickMs,
    int nodeId,
    int priority,
    int electionTicksMin,
    int electionTicksMax,
    int heartbeatTicks,
    int maxAppendBytes,
    int maxInFlight,
    long maxUncommittedBytes,
    long trailingBytes,
    int steadyTicks,
    boolean adaptive) {
  /** Longer than a machine takes from "it answers again" to "it does so for good". */
  private static final int STEADY_MS = 10_000;

  public RaftSettings {
    if (tickMs < 1 || nodeId < 1 || heartbeatTicks < 1 || electionTicksMin <= heartbeatTicks) {
      throw new IllegalArgumentException("heartbeats must come more often than timeouts");
    }
    if (electionTicksMax <= electionTicksMin) {
      throw new IllegalArgumentException("the election timeout needs room to be random in");
    }
    if (steadyTicks <= electionTicksMin) {
      throw new IllegalArgumentException("nothing is steady within one timeout");
    }
    if (maxAppendBytes < 1 || maxInFlight < 1 || maxUncommittedBytes < 1 || trailingBytes < 0) {
      throw new IllegalArgumentException("bounds must be positive");
    }
  }

  /** Settings with the bounds that suit a daemon. */
  public static RaftSettings of(
      int tickMs,
      int nodeId,
      int priority,
      int electionTicksMin,
      int electionTicksMax,
      int heartbeatTicks) {
    return new RaftSettings(
        tickMs,
        nodeId,
        priority,
        electionTicksMin,
        electionTicksMax,
        heartbeatTicks,
        256 << 10,
        64,
        64L << 20,
        32L << 20,
        Math.max(electionTicksMin + 1, STEADY_MS / tickMs),
        true);
  }

  /**
   * How many bytes of unanswered appends a peer may have; one that begins below it is sent. Half of
   * what full messages make: entries may be longer than {@code maxAppendBytes}, and a link that is
   * full drops what it is given.
   */
  long maxInFlightBytes() {
    return Math.max(1, (long) maxInFlight * maxAppendBytes / 2);
  }

  /** The same, for a process that has less memory than a daemon usually has. */
  public RaftSettings withMemory(long uncommittedBytes, long trailing) {
    return new RaftSettings(
        tickMs,
        nodeId,
        priority,
        electionTicksMin,
        electionTicksMax,
        heartbeatTicks,
        maxAppendBytes,
        maxInFlight,
        uncommittedBytes,
        trailing,
        steadyTicks,
        adaptive);
  }

  /**
   * How long a leader believes in a peer's last acknowledgement. Twice the timeout: a leader that
   * is cut off ends within two timeouts, and one slow sync of a healthy disk does not end it.
   */
  int leaseTicks() {
    return 2 * electionTicksMax;
  }

  /**
   * How long nothing of a snapshot may arrive before it is given up. A cut that is shorter costs no
   * byte that has arrived; a longer one costs the leader the memory of a table that is gone, so it
   * has an end.
   */
  public int snapshotTicks() {
    return 16 * leaseTicks();
  }
}
