package org.rale.ralectrl.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.rale.command.JsonLine;
import org.rale.ralectrl.client.Target;
import org.rale.ralectrl.output.Output;

/**
 * What was measured.
 *
 * @param server the one that the first connection led to at the end
 * @param seconds from the end of the warm-up to the last reply
 * @param interrupted whether it ended before its time
 * @param latencies of what succeeded, in nanoseconds
 * @param errors what did not
 */
public record Report(
    Settings settings,
    List<Target> servers,
    Target server,
    double seconds,
    boolean interrupted,
    Histogram latencies,
    List<ErrorKinds.Count> errors) {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9};
  private static final double NANOS_PER_MS = 1e6;

  public Report {
    servers = List.copyOf(servers);
    errors = List.copyOf(errors);
  }

  public boolean allFailed() {
    return operations() == 0;
  }

  private long operations() {
    return latencies.getTotalCount();
  }

  private long failed() {
    return errors.stream().mapToLong(ErrorKinds.Count::count).sum();
  }

  private double rate() {
    return operations() / seconds;
  }

  private String operation() {
    return settings.operation() == Operation.MIX
        ? "mix, %d %% get, %d %% put"
            .formatted(settings.readsPercent(), 100 - settings.readsPercent())
        : settings.operation().word();
  }

  /** For people: a line for each figure, without a newline at the end. */
  public String text() {
    StringBuilder text = new StringBuilder(1024);
    row(text, "operation", operation());
    row(text, "server", server.toString());
    row(text, "keys", settings.keys() + " under " + settings.prefix());
    row(text, "value", settings.valueBytes() + " bytes");
    row(
        text,
        "outstanding",
        "%d over %d %s"
            .formatted(
                settings.outstanding(),
                settings.connections(),
                settings.connections() == 1 ? "connection" : "connections"));
    row(text, "seconds", decimal(1, seconds) + (interrupted ? ", interrupted" : ""));
    row(text, "operations", Long.toString(operations()));
    row(text, "errors", Long.toString(failed()));
    for (ErrorKinds.Count error : errors) {
      text.append("  %d x %s%n".formatted(error.count(), Output.printable(error.kind())));
      text.append("    such as: %s%n".formatted(Output.printable(error.sample())));
    }
    row(text, "operations/s", decimal(0, rate()));
    row(text, "mean ms", ms(latencies.getMean()));
    for (double percentile : PERCENTILES) {
      row(text, name(percentile) + " ms", ms((double) latencies.getValueAtPercentile(percentile)));
    }
    row(text, "max ms", ms((double) latencies.getMaxValue()));
    return text.toString().stripTrailing();
  }

  private static void row(StringBuilder text, String name, String value) {
    text.append(name).append(" ".repeat(14 - name.length())).append(value).append('\n');
  }

  /** One object on one line. */
  public String json() {
    JsonLine line = new JsonLine(1024).open('{').field("status", "ok");
    line.field("operation", settings.operation().word());
    if (settings.operation() == Operation.MIX) {
      line.field("reads_percent", settings.readsPercent());
    }
    line.name("servers").open('[');
    servers.forEach(each -> line.string(each.toString()));
    line.close(']').field("server", server.toString());
    line.field("prefix", settings.prefix()).field("keys", settings.keys());
    line.field("value_size", settings.valueBytes()).field("outstanding", settings.outstanding());
    line.field("connections", settings.connections()).field("seed", settings.seed());
    line.name("warm_up_seconds").raw(decimal(3, settings.warmUp().toNanos() / 1e9));
    line.name("seconds").raw(decimal(3, seconds)).field("interrupted", interrupted);
    line.field("operations", operations()).field("errors", failed());
    line.name("errors_by_kind").open('[');
    for (ErrorKinds.Count error : errors) {
      line.open('{').field("kind", error.kind()).field("count", error.count());
      line.field("sample", error.sample()).close('}');
    }
    line.close(']').name("operations_per_second").raw(decimal(1, rate()));
    line.name("latency_ms").open('{').name("mean").raw(ms(latencies.getMean()));
    for (double percentile : PERCENTILES) {
      line.name(name(percentile)).raw(ms((double) latencies.getValueAtPercentile(percentile)));
    }
    line.name("max").raw(ms((double) latencies.getMaxValue())).close('}').close('}');
    return new String(line.toByteArray(), StandardCharsets.UTF_8);
  }

  private static String name(double percentile) {
    return "p" + (percentile == Math.rint(percentile) ? decimal(0, percentile) : percentile);
  }

  private static String ms(double nanos) {
    return decimal(3, nanos / NANOS_PER_MS);
  }

  private static String decimal(int places, double number) {
    return String.format(Locale.ROOT, "%." + places + "f", number);
  }
}
