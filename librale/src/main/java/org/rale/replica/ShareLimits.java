package org.rale.replica;

/**
 * What those that ask for much may have under way while others ask for little.
 *
 * @param little who has no more than this under way or held asks for little, 1 to 1,000,000; where
 *     more than {@value #CROWD} ask, each of them may have its part of {@value #CROWD} times this,
 *     and 1 always
 * @param together what all that ask for more have under way and in reserve, at least 1
 * @param memoryMs for so long it is remembered that somebody asked for little; and that somebody
 *     asked for much
 */
public record ShareLimits(int little, int together, int memoryMs) {
  /**
   * Four that flood have 26 under way together, and one alone 16: a batch that is being synced, and
   * one that is gathered meanwhile. Who rests for longer than the memory is in no hurry.
   */
  public static final ShareLimits DEFAULT = new ShareLimits(32, 32, 200);

  static final int CROWD = 4;

  public ShareLimits {
    if (little < 1 || little > 1_000_000 || together < 1 || memoryMs < 0) {
      throw new IllegalArgumentException(
          little + " is little, " + together + " together, " + memoryMs + " ms");
    }
  }

  /** What is little for one of so many. */
  int little(int pipelines) {
    return Math.max(1, Math.min(little, CROWD * little / pipelines));
  }
}
