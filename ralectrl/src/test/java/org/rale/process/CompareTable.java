package org.rale.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What scripts/bench/compare found out.
 *
 * @param seconds of each turn
 */
record CompareTable(
    MachineLimits limits, String etcd, int valueBytes, int keys, double seconds, List<Row> rows) {

  /** One case. Rates are operations a second, latencies milliseconds. */
  record Row(
      String operation,
      int outstanding,
      double rale,
      double raleP50,
      double raleP99,
      double etcd,
      double etcdP50,
      double etcdP99) {
    double ratio() {
      return rale / etcd;
    }
  }

  String text() {
    StringBuilder text = new StringBuilder(2048);
    line(
        text,
        "%d processors, Java %d, etcd %s, three nodes of each; values of %d bytes over %d keys; %s"
            + " s each",
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().feature(),
        etcd,
        valueBytes,
        keys,
        seconds);
    line(
        text,
        "The machine: 4 KiB written and synced in %.0f us; echo over loopback in %.0f us, with 64"
            + " under way %.0f/s",
        limits.syncMicros(),
        limits.echoMicros(),
        limits.echoes64());
    line(text, "");
    line(
        text,
        "%-6s %5s %10s %9s %9s %10s %9s %9s %7s %9s",
        "",
        "under",
        "RALE",
        "p50",
        "p99",
        "etcd",
        "p50",
        "p99",
        "RALE /",
        "RALE /");
    line(
        text,
        "%-6s %5s %10s %9s %9s %10s %9s %9s %7s %9s",
        "",
        "way",
        "op/s",
        "ms",
        "ms",
        "op/s",
        "ms",
        "ms",
        "etcd",
        "limit");
    for (Row row : rows) {
      line(
          text,
          "%-6s %5d %10.0f %9.3f %9.3f %10.0f %9.3f %9.3f %7.2f %9.3f",
          row.operation(),
          row.outstanding(),
          row.rale(),
          row.raleP50(),
          row.raleP99(),
          row.etcd(),
          row.etcdP50(),
          row.etcdP99(),
          row.ratio(),
          ofLimit(row));
    }
    return text.toString().stripTrailing();
  }

  private double limit(Row row) {
    return limits.rate(row.operation(), row.outstanding());
  }

  private double ofLimit(Row row) {
    return row.rale() / limit(row);
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** One object on one line. */
  String json() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("processors", Runtime.getRuntime().availableProcessors());
    json.put("java", Runtime.version().feature());
    json.put("etcd", etcd).put("value_size", valueBytes).put("keys", keys).put("seconds", seconds);
    json.put("sync_us", limits.syncMicros()).put("echo_us", limits.echoMicros());
    json.put("echoes_64_per_second", limits.echoes64());
    for (Row row : rows) {
      ObjectNode one = json.withArray("cases").addObject();
      one.put("operation", row.operation()).put("outstanding", row.outstanding());
      side(one.putObject("rale"), row.rale(), row.raleP50(), row.raleP99());
      side(one.putObject("etcd"), row.etcd(), row.etcdP50(), row.etcdP99());
      one.put("ratio", row.ratio()).put("limit_per_second", limit(row));
      one.put("of_limit", ofLimit(row));
    }
    return json.toString();
  }

  private static void side(ObjectNode side, double rate, double p50, double p99) {
    side.put("operations_per_second", rate).put("p50_ms", p50).put("p99_ms", p99);
  }
}
