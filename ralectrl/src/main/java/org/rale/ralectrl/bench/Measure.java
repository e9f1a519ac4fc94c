package org.rale.ralectrl.bench;

import java.util.SplittableRandom;

/** Asks for keys at random, without end. */
final class Measure implements Work {
  private final Settings settings;
  private final SplittableRandom random;
  private final Tally tally;

  Measure(Settings settings, SplittableRandom random, Tally tally) {
    this.settings = settings;
    this.random = random;
    this.tally = tally;
  }

  @Override
  public boolean next(RequestLines lines) {
    int key = random.nextInt(settings.keys());
    switch (settings.operation()) {
      case PUT -> put(lines, key);
      case GET -> lines.get(key);
      case LOCAL -> lines.local(key);
      case MIX -> {
        if (random.nextInt(100) < settings.readsPercent()) {
          lines.get(key);
        } else {
          put(lines, key);
        }
      }
    }
    return true;
  }

  private void put(RequestLines lines, int key) {
    lines.put(key, random.nextInt(RequestLines.STARTS));
  }

  @Override
  public void replied(Reply reply, long nanos) {
    if (reply.isOk()) {
      tally.done(nanos);
    } else {
      tally.failed(ErrorKinds.kind(reply.text()), reply.text(), 1);
    }
  }

  @Override
  public void lost(int requests, String why) {
    tally.failed(ErrorKinds.LOST, why, requests);
  }

  @Override
  public boolean outlastsOutage() {
    return true;
  }
}
