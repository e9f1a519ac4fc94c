package org.rale.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.rale.raft.ElectionWorld.Weather;

/**
 * What timeouts cost and save, over a grid of networks: how long it takes until another node leads
 * when the leader dies, and how many elections there are while nobody does. Fixed timeouts stand
 * beside adaptive ones. All in virtual time, and the same on every run.
 */
public final class ElectionBench {
  private static final int ROUNDS = 200;
  private static final long HOUR_MICROS = 3_600_000_000L;

  private ElectionBench() {}

  private record Way(String name, int minTicks, int maxTicks, boolean adaptive) {
    RaftSettings[] settings() {
      IntFunction<RaftSettings> of =
          id ->
              new RaftSettings(
                  10, id, 10, minTicks, maxTicks, 5, 1 << 16, 64, 1 << 20, 1 << 20, 1_000,
                  adaptive);
      return new RaftSettings[] {of.apply(1), of.apply(2), of.apply(3)};
    }
  }

  private static final List<Way> WAYS =
      List.of(
          new Way("fixed, 150 to 300 ms", 15, 30, false),
          new Way("adaptive, 150 to 300 ms", 15, 30, true),
          new Way("fixed, 1000 to 2000 ms", 100, 200, false),
          new Way("adaptive, 100 to 2000 ms", 10, 200, true));

  private record Case(String name, Weather weather) {}

  private static final List<Case> CASES =
      List.of(
          new Case("quiet LAN", new Weather(0.1, 0.1, 0, 0, 0, 0)),
          new Case("LAN, 1 % loss", new Weather(0.1, 0.3, 0.01, 0.01, 0, 0)),
          new Case("LAN, 10 % loss", new Weather(0.1, 0.3, 0.1, 0.1, 0, 0)),
          new Case("LAN, 30 % of datagrams lost", new Weather(0.1, 0.3, 0.3, 0, 0, 0)),
          new Case("LAN, 30 % loss, links too", new Weather(0.1, 0.3, 0.3, 0.3, 0, 0)),
          new Case("20 ms way, 10 ms jitter", new Weather(20, 10, 0, 0, 0, 0)),
          new Case("40 ms way, 20 ms jitter", new Weather(40, 20, 0, 0, 0, 0)),
          new Case("40 ms way, 100 ms jitter", new Weather(40, 100, 0, 0, 0, 0)),
          new Case("pauses of 100 ms every 10 s", new Weather(0.1, 0.1, 0, 0, 100, 10_000)),
          new Case("pauses of 200 ms every 10 s", new Weather(0.1, 0.1, 0, 0, 200, 10_000)),
          new Case("pauses of 400 ms every 10 s", new Weather(0.1, 0.1, 0, 0, 400, 10_000)));

  /** A line of the table. */
  record Row(String network, String way, long elections, long medianMs, long p90Ms, long worstMs) {}

  /**
   * Prints the table.
   *
   * @param args a file for the picture, or nothing
   */
  public static void main(String[] args) throws IOException {
    System.out.println(
        "| network | timeouts | elections an hour | new leader after: median | p90 | worst |");
    System.out.println("|---|---|---|---|---|---|");
    List<Row> rows = new ArrayList<>();
    for (Case each : CASES) {
      for (Way way : WAYS) {
        Row row = row(each, way);
        rows.add(row);
        System.out.printf(
            Locale.ROOT,
            "| %s | %s | %d | %d ms | %d ms | %d ms |%n",
            row.network(),
            row.way(),
            row.elections(),
            row.medianMs(),
            row.p90Ms(),
            row.worstMs());
      }
    }
    if (args.length > 0) {
      Files.writeString(Path.of(args[0]), ElectionPicture.of(rows));
    }
  }

  private static Row row(Case each, Way way) {
    long[] times = failovers(each.weather(), way);
    return new Row(
        each.name(),
        way.name(),
        electionsAnHour(each.weather(), way),
        times[ROUNDS / 2] / 1_000,
        times[ROUNDS * 9 / 10] / 1_000,
        times[ROUNDS - 1] / 1_000);
  }

  private static long electionsAnHour(Weather weather, Way way) {
    ElectionWorld world = new ElectionWorld(way.settings(), weather, 1);
    world.run(10_000_000);
    long before = world.highestTerm();
    world.run(HOUR_MICROS);
    return world.highestTerm() - before;
  }

  /** From the leader's death until another one may read, sorted. */
  private static long[] failovers(Weather weather, Way way) {
    List<Long> times = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      ElectionWorld world = new ElectionWorld(way.settings(), weather, 1_000 + round);
      // Long enough for what is learned, and at another moment each time.
      world.run(20_000_000 + round * 7_919L);
      while (world.leader() == 0) {
        world.step();
      }
      long death = world.now();
      world.kill(world.leader());
      while (world.leader() == 0) {
        world.step();
      }
      times.add(world.now() - death);
    }
    long[] sorted = times.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}
