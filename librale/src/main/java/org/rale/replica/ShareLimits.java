package org.rale.replica;

/**
 * What those that ask for much may have under way while others ask for little.
 *
 * @param little who has no more than this under way asks for little, at least 1; less where more
 *     than {@value #CROWD} ask, so that they have four times this together
 * @param together what all that ask for more have under way and in reserve, at least 1
 * @param memoryMs for so long it is remembered that somebody asked for little, or for much
 */
public record ShareLimits(int little, int together, int memoryMs) {
  /**
   * Four that flood have 26 under way together, and one alone 16: a batch that is being synced, and
   * one that is gathered meanwhile. Who rests for longer than the memory is in no hurry.
   */
  public static final ShareLimits DEFAULT = new ShareLimits(32, 32, 200);

  static final int CROWD = 4;

  public ShareLimits {
    if (little < 1 || together < 1 || memoryMs < 0) {
      throw new IllegalArgumentException(
          little + " is little, " + together + " together, " + memoryMs + " ms");
    }
  }

  /** What is little for one of so many. */
  int little(int pipelines) {
    return Math.max(1, Math.min(little, CROWD * little / pipelines));
  }
}
