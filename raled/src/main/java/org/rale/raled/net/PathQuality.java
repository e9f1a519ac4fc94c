package org.rale.raled.net;

import java.util.function.LongSupplier;
import org.rale.wire.Datagram.Stamps;

/**
 * What the datagrams of a peer tell of the UDP path to it. Belongs to home; the figures may be read
 * by any thread.
 *
 * <p>Each datagram carries the sender's clock, and echoes the newest clock that the sender heard of
 * the other side together with how long it was held, as the reports of RTP do. So each side
 * measures the round trip by its own clock alone, from every datagram that it gets.
 *
 * <p>What is echoed of a time before {@link #forget} is not taken: it went another way.
 */
final class PathQuality {
  /** In place of a figure. */
  static final int UNKNOWN = -1;

  private final LongSupplier microClock;
  private final RoundTrip roundTrip = new RoundTrip();
  private final Jitter jitter = new Jitter();
  private final DatagramLoss losses = new DatagramLoss();

  private long since;

  /** The newest clock of the peer's that came; 0: none. */
  private long heard;

  private long heardAt;

  /**
   * @param microClock monotonic, from 1
   */
  PathQuality(LongSupplier microClock) {
    this.microClock = microClock;
    this.since = microClock.getAsLong();
  }

  /** A datagram with this number came for the first time. */
  void arrived(long sequence, Stamps stamps) {
    losses.arrived(sequence);
    long now = microClock.getAsLong();
    if (stamps.clock() > 0) {
      jitter.arrived(stamps.clock(), now);
      if (stamps.clock() > heard) {
        heard = stamps.clock();
        heardAt = now;
      }
    }
    if (stamps.echo() >= since) {
      roundTrip.sample(now - stamps.echo() - stamps.held());
    }
  }

  /** For a datagram that leaves now. */
  Stamps leaving() {
    long now = microClock.getAsLong();
    long held = now - heardAt;
    return heard == 0 || held > Stamps.MAX_HELD
        ? new Stamps(now, 0, 0)
        : new Stamps(now, heard, (int) held);
  }

  /** Another process, another address or a silence lies in between: all is measured anew. */
  void forget() {
    since = microClock.getAsLong();
    heard = 0;
    roundTrip.forget();
    jitter.forget();
    losses.forget();
  }

  /** Smoothed, in microseconds. */
  long roundTripMicros() {
    return roundTrip.smoothedMicros();
  }

  /** How far samples of the round trip lie from its mean, in microseconds. */
  long deviationMicros() {
    return roundTrip.deviationMicros();
  }

  /** In microseconds. */
  long jitterMicros() {
    return jitter.micros();
  }

  /** 0 to 1000. */
  int lossPermille() {
    return losses.permille();
  }
}
