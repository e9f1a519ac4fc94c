package org.rale.replica;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps those that ask for much from standing in front of those that ask for little. Requests are
 * served in the order in which they begin, so whoever comes waits for all that have begun: while
 * somebody asks for little, those that ask for much begin only a few at once, and the rest of what
 * they ask is held in its pipeline.
 *
 * <p>A long queue makes large batches, which are cheap, and late answers. Who floods wants the one,
 * who asks for little the other; so nobody is held who floods alone, or beside others who flood.
 *
 * <p>Each of those that are held may begin as much as is left (dynamic thresholds, Choudhury and
 * Hahne 1998): so n of them have one part of n + 1 each, the last part is for whoever comes, and
 * there is no line among them. One request each may begin always, and only what has others of its
 * pipeline under way is held: their ends let it go on, so nothing is held for ever.
 *
 * <p>The leader counts the connections of other nodes' clients with its own, so it is the same
 * where somebody asks.
 */
final class Share {
  private final ShareLimits limits;
  private final long memoryTicks;
  private long now;

  /** Who asks for little and was answered last; null: one that has no others. */
  private @Nullable Line little;

  private long littleAt;

  /** When another one than that was. */
  private long otherLittleAt;

  private int pipelines;

  /**
   * When those that asked for much did so last whose pipeline is gone, for as long as it is
   * remembered. A flood that is not held is answered by the batch, and so its pipeline is empty
   * again and again; to count its next request as little would hold all others in its favour.
   */
  private final Map<Line, Long> muchOfThoseGone = new LinkedHashMap<>();

  /** What those that ask for much have under way. */
  private int begunOfMuch;

  /**
   * @param memoryTicks that of the limits
   */
  Share(ShareLimits limits, long memoryTicks) {
    this.limits = limits;
    this.memoryTicks = memoryTicks;
    this.littleAt = -memoryTicks;
    this.otherLittleAt = -memoryTicks;
  }

  void tick(long tick) {
    now = tick;
    Iterator<Long> oldest = muchOfThoseGone.values().iterator();
    while (oldest.hasNext() && now - oldest.next() >= memoryTicks) {
      oldest.remove();
    }
  }

  /** For one pipeline more. */
  Part part(Line line) {
    pipelines++;
    return new Part(line, muchOfThoseGone.remove(line));
  }

  /** A request that is of no pipeline was answered: that is little. */
  void answeredAlone() {
    noteLittle(null);
  }

  private void noteLittle(@Nullable Line line) {
    if (!Objects.equals(line, little)) {
      otherLittleAt = littleAt;
      little = line;
    }
    littleAt = now;
  }

  /** Whether another one asks for little: nobody is held for what was its own. */
  private boolean isBeside(Line line) {
    return now - (line.equals(little) ? otherLittleAt : littleAt) < memoryTicks;
  }

  /** What one pipeline has of it. */
  final class Part {
    private final Line line;
    private int begun;
    private boolean asksForMuch;
    private long muchAt;

    /**
     * @param muchAt when the line asked for much in its last pipeline; null: it did not lately
     */
    private Part(Line line, @Nullable Long muchAt) {
      this.line = line;
      this.asksForMuch = muchAt != null;
      this.muchAt = muchAt == null ? 0 : muchAt;
    }

    /** The pipeline is empty, and gone. */
    void close() {
      if (begun != 0) {
        throw new IllegalStateException(begun + " requests of an empty pipeline are under way");
      }
      pipelines--;
      if (asksForMuch) {
        muchOfThoseGone.put(line, muchAt);
      }
    }

    /** So much of it is under way or held. */
    void asks(int requests) {
      if (requests > limits.little(pipelines)) {
        muchAt = now;
        become(true);
      } else if (asksForMuch && now - muchAt >= memoryTicks) {
        become(false);
      }
    }

    private void become(boolean much) {
      if (much != asksForMuch) {
        asksForMuch = much;
        begunOfMuch += much ? begun : -begun;
      }
    }

    void begins() {
      count(1);
    }

    /** What had begun has ended, or is to begin again. */
    void rests() {
      count(-1);
    }

    private void count(int by) {
      begun += by;
      begunOfMuch += asksForMuch ? by : 0;
    }

    /** One of them was answered. Not when it comes: a flood, too, begins with a few. */
    void answered() {
      if (!asksForMuch) {
        noteLittle(line);
      }
    }

    /** Whether another one may begin. */
    boolean admits() {
      return !asksForMuch
          || begun == 0
          || !isBeside(line)
          || begun < limits.together() - begunOfMuch;
    }
  }
}
