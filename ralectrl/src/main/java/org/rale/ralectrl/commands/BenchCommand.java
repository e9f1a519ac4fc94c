package org.rale.ralectrl.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.command.JsonLine;
import org.rale.ralectrl.bench.Bench;
import org.rale.ralectrl.bench.Operation;
import org.rale.ralectrl.bench.Report;
import org.rale.ralectrl.bench.Settings;
import org.rale.ralectrl.output.AtSignal;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;
import org.rale.request.Limits;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
    name = "BENCH",
    customSynopsis = "ralectrl [GLOBAL OPTIONS] BENCH put|get|local|mix|clean [OPTIONS]",
    description = {
      "Measures how many operations a second the cluster takes, and how long each one lasts: put,"
          + " get (linearizable), local (GET LOCAL) or mix (get and put). It reads and writes its"
          + " own keys alone: the prefix and nine digits. Those that get, local and mix need are"
          + " put first where they are missing. The keys stay; clean deletes them.",
      "Ctrl-C ends it, and prints what was measured. --timeout is how long a server may be silent"
          + " before its connection counts as lost."
    })
final class BenchCommand implements Command {
  private static final String CLEAN = "clean";
  private static final int MOST_OUTSTANDING = 1_000_000;
  private static final int MOST_CONNECTIONS = 10_000;

  @Parameters(
      arity = "0..*",
      hideParamSyntax = true,
      paramLabel = "OPERATION",
      description = "What is measured; clean deletes the keys instead.")
  List<String> positions = new ArrayList<>();

  @Option(names = "--value-size", paramLabel = "BYTES", description = "Of each value (256).")
  @Nullable String valueSize;

  @Option(names = "--keys", paramLabel = "NUMBER", description = "How many there are (100000).")
  @Nullable String keys;

  @Option(
      names = "--outstanding",
      paramLabel = "NUMBER",
      description = "Requests under way, all connections together (64).")
  @Nullable String outstanding;

  @Option(
      names = "--connections",
      paramLabel = "NUMBER",
      description = "Each has its part of the requests (1).")
  @Nullable String connections;

  @Option(names = "--seconds", paramLabel = "SECONDS", description = "How long to measure (10).")
  @Nullable String seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = "How long to run before that; 0: not at all (3).")
  @Nullable String warmUp;

  @Option(names = "--reads", paramLabel = "PERCENT", description = "Of mix: the part of get (90).")
  @Nullable String reads;

  @Option(names = "--prefix", paramLabel = "PREFIX", description = "Of the keys (bench/).")
  @Nullable String prefix;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "The same one chooses the same keys and values (1).")
  @Nullable String seed;

  @Option(names = "--clean", description = "Delete the keys at the end.")
  boolean clean;

  @Override
  public void run(Session session) throws Failure, IOException {
    String word =
        Given.of("BENCH", positions, new Given.Value("OPERATION", null))
            .get(0)
            .toLowerCase(Locale.ROOT);
    Settings settings = settings(word, session.timeout(Session.SHORT));
    Bench bench = new Bench(settings, session.servers(), session.output(), session.terminal());
    if (word.equals(CLEAN)) {
      bench.clean();
      deleted(session, settings);
    } else {
      measure(session, bench, settings);
    }
  }

  private void measure(Session session, Bench bench, Settings settings)
      throws Failure, IOException {
    AtomicInteger exitCode = new AtomicInteger(ExitCode.FAILED);
    CountDownLatch ended = new CountDownLatch(1);
    AtSignal interrupted = new AtSignal(() -> end(bench, ended, exitCode));
    try {
      session.output().note(whatIsWritten(settings));
      Report report = report(session, bench, settings);
      if (report == null) {
        session.output().note("it was interrupted before anything was measured");
      } else if (report.allFailed()) {
        throw Failure.of(
            ExitCode.FAILED, ErrorCode.INTERNAL, "no operation succeeded", List.of(), null);
      } else {
        exitCode.set(ExitCode.DONE);
      }
    } finally {
      ended.countDown();
      interrupted.forget();
    }
  }

  /** At a signal: what was measured is printed, and then the process ends. */
  private static void end(Bench bench, CountDownLatch ended, AtomicInteger exitCode) {
    bench.stop();
    try {
      ended.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
    Runtime.getRuntime().halt(exitCode.get());
  }

  /** Measures and prints; null where it was interrupted before that. */
  private @Nullable Report report(Session session, Bench bench, Settings settings)
      throws Failure, IOException {
    if (settings.operation() != Operation.PUT) {
      int missing = bench.fill();
      if (missing > 0) {
        session.output().note(missing + " keys were missing, and were put");
      }
    }
    Report report = bench.measure();
    if (report != null) {
      session.output().line(session.output().isJson() ? report.json() : report.text());
    }
    if (clean && !bench.isStopped()) {
      bench.clean();
    } else {
      session
          .output()
          .note(
              "the keys stay; \"ralectrl BENCH clean --keys %d --prefix %s\" deletes them"
                  .formatted(settings.keys(), settings.prefix()));
    }
    return report;
  }

  private static String whatIsWritten(Settings settings) {
    return "BENCH %s %s, %s to %s, with values of %d bytes"
        .formatted(
            settings.operation().word(),
            settings.operation() == Operation.PUT
                ? "writes %d keys".formatted(settings.keys())
                : settings.operation() == Operation.MIX
                    ? "reads and writes %d keys".formatted(settings.keys())
                    : "reads %d keys, and puts those that are missing".formatted(settings.keys()),
            settings.key(0),
            settings.key(settings.keys() - 1),
            settings.valueBytes());
  }

  private static void deleted(Session session, Settings settings) throws IOException {
    if (session.output().isJson()) {
      JsonLine line = new JsonLine(128).open('{').field("status", "ok");
      line.field("prefix", settings.prefix()).field("keys", settings.keys()).close('}');
      session.output().line(new String(line.toByteArray(), StandardCharsets.UTF_8));
    } else {
      session
          .output()
          .line("%s to %s: deleted".formatted(settings.key(0), settings.key(settings.keys() - 1)));
    }
  }

  private Settings settings(String word, Duration timeout) throws Failure {
    Operation operation = operation(word);
    if (reads != null && operation != Operation.MIX) {
      throw Given.wrong("BENCH", "--reads is for mix");
    }
    int all = count("--outstanding", outstanding, 64, MOST_OUTSTANDING);
    int lanes = count("--connections", connections, 1, MOST_CONNECTIONS);
    if (lanes > all) {
      throw Given.wrong("BENCH", "%d connections need as many requests under way".formatted(lanes));
    }
    return new Settings(
        operation,
        reads == null ? 90 : (int) Texts.number("--reads", reads, 0, 100),
        count("--value-size", valueSize, 256, Limits.MAX_VALUE_BYTES),
        count("--keys", keys, 100_000, Settings.MOST_KEYS),
        all,
        lanes,
        Texts.seconds("--seconds", seconds == null ? "10" : seconds),
        warmUp(),
        prefix(prefix == null ? "bench/" : prefix),
        seed == null ? 1 : Texts.number("--seed", seed, 0, Long.MAX_VALUE),
        timeout);
  }

  /** For clean any of them will do. */
  private static Operation operation(String word) throws Failure {
    return switch (word) {
      case "put", CLEAN -> Operation.PUT;
      case "get" -> Operation.GET;
      case "local" -> Operation.LOCAL;
      case "mix" -> Operation.MIX;
      default ->
          throw Given.wrong(
              "BENCH", "unknown operation \"%s\": put, get, local, mix or clean".formatted(word));
    };
  }

  private static int count(String name, @Nullable String text, int otherwise, int most)
      throws Failure {
    return text == null ? otherwise : Texts.count(name, text, most);
  }

  private Duration warmUp() throws Failure {
    if (warmUp == null) {
      return Duration.ofSeconds(3);
    }
    return warmUp.equals("0") ? Duration.ZERO : Texts.seconds("--warm-up", warmUp);
  }

  /** Keys travel in lines of text. Without a prefix they might be somebody's. */
  private static String prefix(String text) throws Failure {
    int most = Limits.MAX_KEY_BYTES - Settings.DIGITS;
    boolean blank = text.chars().anyMatch(each -> each == ' ' || isControl(each));
    if (text.isEmpty() || blank || Bytes.utf8(text).length() > most) {
      throw Failure.usage(
          "invalid value for --prefix: \"%s\"".formatted(text),
          "Give 1 to %d bytes without blanks, for example bench/.".formatted(most));
    }
    return text;
  }

  private static boolean isControl(int character) {
    return Character.isISOControl(character) || character == '\u2028' || character == '\u2029';
  }
}
