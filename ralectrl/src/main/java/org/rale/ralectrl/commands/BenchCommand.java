package org.rale.ralectrl.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

final class BenchCommand implements Command {
  private static final Option VALUE_SIZE =
      Option.text("BYTES", "Of each value (256).", "--value-size");
  private static final Option KEYS =
      Option.text("NUMBER", "How many there are (100000).", "--keys");
  private static final Option OUTSTANDING =
      Option.text("NUMBER", "Requests under way, all connections together (64).", "--outstanding");
  private static final Option CONNECTIONS =
      Option.text("NUMBER", "Each has its part of the requests (1).", "--connections");
  private static final Option SECONDS =
      Option.text("SECONDS", "How long to measure (10).", "--seconds");
  private static final Option WARM_UP =
      Option.text("SECONDS", "How long to run before that; 0: not at all (3).", "--warm-up");
  private static final Option READS =
      Option.text("PERCENT", "Of mix: the part of get (90).", "--reads");
  private static final Option PREFIX = Option.text("PREFIX", "Of the keys (bench/).", "--prefix");
  private static final Option SEED =
      Option.text("NUMBER", "The same one chooses the same keys and values (1).", "--seed");
  private static final Option CLEAN = Option.flag("Delete the keys at the end.", "--clean");

  private static final String CLEANING = "clean";
  private static final int MOST_OUTSTANDING = 1_000_000;
  private static final int MOST_CONNECTIONS = 10_000;

  @Override
  public Syntax syntax() {
    return new Syntax(
        "BENCH",
        "measure how fast the cluster is",
        List.of("ralectrl [GLOBAL OPTIONS] BENCH put|get|local|mix|clean [OPTIONS]"),
        List.of(
            "Measures how many operations a second the cluster takes, and how long each one lasts:"
                + " put, get (linearizable), local (GET LOCAL) or mix (get and put). It reads and"
                + " writes its own keys alone: the prefix and nine digits. Those that get, local"
                + " and mix need are put first where they are missing. The keys stay; clean deletes"
                + " them.",
            "Ctrl-C ends it, and prints what was measured. --timeout is how long a server may be"
                + " silent before its connection counts as lost."),
        new Syntax.Positions("OPERATION", "What is measured; clean deletes the keys instead."),
        List.of(
            VALUE_SIZE,
            KEYS,
            OUTSTANDING,
            CONNECTIONS,
            SECONDS,
            WARM_UP,
            READS,
            PREFIX,
            SEED,
            CLEAN));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    String word =
        Given.of("BENCH", given.positions(), new Given.Value("OPERATION", null))
            .get(0)
            .toLowerCase(Locale.ROOT);
    Settings settings = settings(word, given, session.timeout(Session.SHORT));
    Bench bench = new Bench(settings, session.servers(), session.output(), session.terminal());
    if (word.equals(CLEANING)) {
      bench.clean();
      deleted(session, settings);
    } else {
      measure(session, bench, settings, given.has(CLEAN));
    }
  }

  private static void measure(Session session, Bench bench, Settings settings, boolean clean)
      throws Failure, IOException {
    AtomicInteger exitCode = new AtomicInteger(ExitCode.FAILED);
    CountDownLatch ended = new CountDownLatch(1);
    AtSignal interrupted = new AtSignal(() -> end(bench, ended, exitCode));
    try {
      session.output().note(whatIsWritten(settings));
      Report report = report(session, bench, settings, clean);
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
  private static @Nullable Report report(
      Session session, Bench bench, Settings settings, boolean clean) throws Failure, IOException {
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

  private static Settings settings(String word, Arguments given, Duration timeout) throws Failure {
    Operation operation = operation(word);
    String reads = given.text(READS);
    if (reads != null && operation != Operation.MIX) {
      throw Given.wrong("BENCH", "--reads is for mix");
    }
    int all = count(OUTSTANDING, given, 64, MOST_OUTSTANDING);
    int lanes = count(CONNECTIONS, given, 1, MOST_CONNECTIONS);
    if (lanes > all) {
      throw Given.wrong("BENCH", "%d connections need as many requests under way".formatted(lanes));
    }
    return new Settings(
        operation,
        reads == null ? 90 : (int) Texts.number("--reads", reads, 0, 100),
        count(VALUE_SIZE, given, 256, Limits.MAX_VALUE_BYTES),
        count(KEYS, given, 100_000, Settings.MOST_KEYS),
        all,
        lanes,
        Texts.seconds("--seconds", given.text(SECONDS, "10")),
        warmUp(given.text(WARM_UP, "3")),
        prefix(given.text(PREFIX, "bench/")),
        Texts.number("--seed", given.text(SEED, "1"), 0, Long.MAX_VALUE),
        timeout);
  }

  /** For clean any of them will do. */
  private static Operation operation(String word) throws Failure {
    return switch (word) {
      case "put", CLEANING -> Operation.PUT;
      case "get" -> Operation.GET;
      case "local" -> Operation.LOCAL;
      case "mix" -> Operation.MIX;
      default ->
          throw Given.wrong(
              "BENCH", "unknown operation \"%s\": put, get, local, mix or clean".formatted(word));
    };
  }

  private static int count(Option option, Arguments given, int otherwise, int most) throws Failure {
    String text = given.text(option);
    return text == null ? otherwise : Texts.count(option.name(), text, most);
  }

  private static Duration warmUp(String warmUp) throws Failure {
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
