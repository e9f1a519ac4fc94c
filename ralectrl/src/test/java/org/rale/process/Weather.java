package org.rale.process;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What becomes of what nodes send each other.
 *
 * @param lost share of the datagrams that never arrive, from 0 to 1
 * @param doubled share of the others that arrive twice
 * @param late share of what arrives that comes up to {@code lateMs} later, behind what was sent
 *     after it
 * @param lateMs the most that is meant by that
 * @param delayMs what each datagram, and each piece of a stream, takes one way
 * @param jitterMs how much more or less than that it may be
 */
record Weather(double lost, double doubled, double late, int lateMs, int delayMs, int jitterMs) {
  static final Weather CLEAR = new Weather(0, 0, 0, 0, 0, 0);

  /** 30 % of the datagrams are lost; the longest delay is two heartbeats of the defaults. */
  static final Weather LOSSY = new Weather(0.3, 0.2, 0.2, 100, 0, 0);

  /** A round trip takes 80 ms, 20 more or less. */
  static final Weather FAR = new Weather(0, 0, 0, 0, 40, 10);

  /** How long each copy of a datagram that arrives is under way, in nanoseconds. */
  List<Long> datagram(Random random) {
    if (random.nextDouble() < lost) {
      return List.of();
    }
    int copies = random.nextDouble() < doubled ? 2 : 1;
    return IntStream.range(0, copies).mapToObj(copy -> delay(random) + late(random)).toList();
  }

  private long late(Random random) {
    return random.nextDouble() < late ? (long) (random.nextDouble() * lateMs * 1e6) : 0;
  }

  /** How long a piece of a stream is under way, in nanoseconds. */
  long delay(Random random) {
    return (long) ((delayMs + jitterMs * (2 * random.nextDouble() - 1)) * 1e6);
  }
}
