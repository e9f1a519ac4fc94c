package org.rale.raft;

/**
 * How often a leader says that it lives: at least as often as the settings ask, and as much more
 * often as heartbeats get lost on the way to a peer, so that it hardly ever misses all of them
 * within the shortest timeout. (Dynatune, arXiv 2507.15154, 3.3, derives the interval from the loss
 * alike.)
 */
final class Pace {
  /**
   * How seldom all heartbeats of a timeout may get lost: with a hundred a second, once a day.
   * Losses that come in bursts come more often; {@link Silences} learns those.
   */
  private static final double SELDOM = 1e-7;

  private Pace() {}

  /**
   * In ticks, at least 1.
   *
   * @param loss in thousandths, as the peer measured it
   */
  static int heartbeatTicks(RaftSettings settings, int loss) {
    if (!settings.adaptive() || loss <= 0) {
      return settings.heartbeatTicks();
    }
    if (loss >= Message.HeartbeatResponse.LOSS_MAX) {
      return 1;
    }
    double share = (double) loss / Message.HeartbeatResponse.LOSS_MAX;
    int needed = (int) Math.ceil(Math.log(SELDOM) / Math.log(share));
    int ticks = settings.electionTicksMin() / needed;
    return Math.max(1, Math.min(ticks, settings.heartbeatTicks()));
  }
}
