package org.rale.ralectrl.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.client.Target;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.ralectrl.output.Output;
import org.rale.request.ErrorCode;

/** One run of BENCH: fills the keys where that is needed, warms up, measures. */
public final class Bench {
  /** Under way while keys are filled or deleted, but no more than so many bytes of values. */
  private static final int PASS_OUTSTANDING = 256;

  private static final int PASS_BYTES = 16 << 20;

  /** A pass that leaves keys undone is followed by another one, so often. */
  private static final int MOST_PASSES = 10;

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Settings settings;
  private final List<Target> servers;
  private final Output output;
  private final boolean terminal;
  private final byte[] text;
  private final AtomicBoolean stopped = new AtomicBoolean();

  /**
   * @param servers at least one
   * @param terminal whether somebody sees how far it is
   */
  public Bench(Settings settings, List<Target> servers, Output output, boolean terminal) {
    this.settings = settings;
    this.servers = List.copyOf(servers);
    this.output = output;
    this.terminal = terminal;
    this.text = RequestLines.text(settings);
  }

  /** Ends what is going on, from any thread; what was measured up to then is reported. */
  public void stop() {
    stopped.set(true);
  }

  public boolean isStopped() {
    return stopped.get();
  }

  /**
   * Puts those keys that are missing, or have a value of another size.
   *
   * @return how many were put
   */
  public int fill() throws Failure, IOException {
    BitSet left = all();
    pass(Pass.Step.CHECK, left, "looking for keys", 1);
    int missing = left.cardinality();
    for (int pass = 1; pass <= MOST_PASSES && !left.isEmpty() && !stopped.get(); pass++) {
      pass(Pass.Step.PUT, left, "putting keys", pass);
    }
    // A read of this kind waits until the server has applied all that: GET LOCAL finds it then.
    BitSet last = new BitSet();
    last.set(settings.keys() - 1);
    pass(Pass.Step.CHECK, last, "looking for keys", 1);
    return missing;
  }

  /** Deletes the keys. */
  public void clean() throws Failure, IOException {
    BitSet left = all();
    for (int pass = 1; pass <= MOST_PASSES && !left.isEmpty() && !stopped.get(); pass++) {
      pass(Pass.Step.DELETE, left, "deleting keys", pass);
    }
  }

  private BitSet all() {
    BitSet all = new BitSet(settings.keys());
    all.set(0, settings.keys());
    return all;
  }

  /** Goes once through the keys that are left; fails when the last attempt leaves some of them. */
  private void pass(Pass.Step step, BitSet left, String what, int attempt)
      throws Failure, IOException {
    int keys = left.cardinality();
    Pass pass = new Pass(step, settings, left);
    int outstanding = Math.max(1, Math.min(PASS_OUTSTANDING, PASS_BYTES / settings.valueBytes()));
    Lane lane = lane(outstanding, pass, stopped::get);
    lane.connect();
    try (Crew crew = new Crew(List.of(lane))) {
      while (!crew.isDoneWithin(SECOND)) {
        passing(
            String.format(
                Locale.ROOT, "%s: %d %%", what, (int) (100L * pass.handled() / Math.max(1, keys))));
      }
    } finally {
      passing("");
    }
    if (step != Pass.Step.CHECK && attempt == MOST_PASSES && !left.isEmpty()) {
      throw Failure.of(
          ExitCode.FAILED,
          ErrorCode.INTERNAL,
          "%s: %d of %d are not done".formatted(what, left.cardinality(), settings.keys()),
          pass.errors().counts().stream().map(ErrorKinds.Count::sample).toList(),
          null);
    }
  }

  private Lane lane(int outstanding, Work work, BooleanSupplier stop) {
    RequestLines lines = new RequestLines(settings, text);
    return new Lane(servers, settings.timeout(), outstanding, lines, work, stop);
  }

  /** Warms up and measures; null where it was stopped before the warm-up was over. */
  public @Nullable Report measure() throws Failure, IOException {
    Tally tally = new Tally();
    AtomicBoolean over = new AtomicBoolean();
    BooleanSupplier stop = () -> over.get() || stopped.get();
    List<Lane> lanes = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(settings.seed());
    int connections = settings.connections();
    for (int index = 0; index < connections; index++) {
      int outstanding = (settings.outstanding() + index) / connections;
      lanes.add(lane(outstanding, new Measure(settings, random.split(), tally), stop));
    }
    for (Lane lane : lanes) {
      lane.connect();
    }
    try (Crew crew = new Crew(lanes)) {
      follow(crew, tally, settings.warmUp(), "warm-up");
      if (stopped.get()) {
        return null;
      }
      tally.restart();
      long start = System.nanoTime();
      follow(crew, tally, settings.measured(), settings.operation().word());
      boolean interrupted = stopped.get();
      over.set(true);
      crew.awaitDone();
      double seconds = (System.nanoTime() - start) / 1e9;
      tally.more();
      return new Report(
          settings,
          servers,
          lanes.get(0).server(),
          seconds,
          interrupted,
          tally.latencies(),
          tally.errors().counts());
    } finally {
      over.set(true);
      passing("");
    }
  }

  /** Shows how it goes once a second, until time is over or it is stopped. */
  private void follow(Crew crew, Tally tally, Duration time, String what) throws IOException {
    long start = System.nanoTime();
    long shownAt = start;
    Duration left = time;
    while (!left.isZero() && !left.isNegative() && !stopped.get()) {
      crew.isDoneWithin(left.compareTo(SECOND) < 0 ? left : SECOND);
      long now = System.nanoTime();
      passing(
          String.format(
              Locale.ROOT,
              "%s: %d of %d s, %.0f operations/s, %d errors",
              what,
              (now - start) / 1_000_000_000,
              time.toSeconds(),
              tally.more() * 1e9 / (now - shownAt),
              tally.errors().total()));
      shownAt = now;
      left = time.minusNanos(now - start);
    }
  }

  private void passing(String line) throws IOException {
    if (terminal) {
      output.passing(line);
    }
  }
}
