package org.rale.ralectrl.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rale.ralectrl.client.Target;

/** What is counted, and how it is shown. */
class TallyTest {
  private static final Settings SETTINGS =
      new Settings(
          Operation.MIX,
          75,
          256,
          1000,
          64,
          2,
          Duration.ofSeconds(10),
          Duration.ofMillis(1500),
          "bench/",
          7,
          Duration.ofSeconds(5));

  /** Latencies of 1, 2, ..., 10,000 us, in an order that is not theirs. */
  private static Tally known() {
    Tally tally = new Tally();
    for (int index = 0; index < 10_000; index++) {
      tally.done((index * 7919L % 10_000 + 1) * 1_000);
    }
    return tally;
  }

  private static Report report(Tally tally) {
    List<Target> servers = List.of(new Target.Tcp("a", 1), new Target.Tcp("b", 2));
    return new Report(
        SETTINGS, servers, servers.get(1), 2.5, false, tally.latencies(), tally.errors().counts());
  }

  @Test
  void percentilesOfAKnownDistribution() {
    Tally tally = known();
    assertThat(tally.more()).isEqualTo(10_000);
    assertThat(tally.more()).isZero();
    Percentage thousandth = Percentage.withPercentage(0.1);
    assertThat(tally.latencies().getMean()).isCloseTo(5_000_500, thousandth);
    assertThat(tally.latencies().getValueAtPercentile(50)).isCloseTo(5_000_000, thousandth);
    assertThat(tally.latencies().getValueAtPercentile(99)).isCloseTo(9_900_000, thousandth);
    assertThat(tally.latencies().getValueAtPercentile(99.9)).isCloseTo(9_990_000, thousandth);
    assertThat(tally.latencies().getMaxValue()).isCloseTo(10_000_000, thousandth);
  }

  @Test
  void theWarmUpIsForgotten() {
    Tally tally = known();
    tally.failed("kind", "sample", 3);
    tally.more();
    tally.done(1);
    tally.restart();
    assertThat(tally.more()).isZero();
    assertThat(tally.latencies().getTotalCount()).isZero();
    assertThat(tally.errors().total()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ERROR: key not found: bench/000000017|key not found",
        "ERROR: outcome unknown: no answer within 2000 ms|outcome unknown",
        "ERROR: node 3 is starting|node N is starting",
        "ERROR: no leader is known (no link to node 2); try again|no leader is known",
        "ERROR: too much at once; send less|too much at once",
        "OK|not a reply",
        "{\"status\":\"ok\"}|not a reply"
      })
  void kindsOfErrors(String line, String kind) {
    assertThat(ErrorKinds.kind(line)).isEqualTo(kind);
  }

  @Test
  void errorsAreCountedByKindWithTheFirstOfEach() {
    ErrorKinds errors = new ErrorKinds();
    errors.add("rare", "rare 1", 1);
    errors.add("often", "often 1", 1);
    errors.add("often", "often 2", 4);
    assertThat(errors.total()).isEqualTo(6);
    assertThat(errors.counts())
        .containsExactly(
            new ErrorKinds.Count("often", 5, "often 1"), new ErrorKinds.Count("rare", 1, "rare 1"));
  }

  @Test
  void manyKindsOfErrorsAreKeptTogether() {
    ErrorKinds errors = new ErrorKinds();
    for (int kind = 0; kind < 1_000; kind++) {
      errors.add("kind " + kind, "sample", 1);
    }
    assertThat(errors.total()).isEqualTo(1_000);
    assertThat(errors.counts()).hasSizeLessThan(30);
    assertThat(errors.counts().get(0).kind()).isEqualTo("other errors");
  }

  @Test
  void asText() {
    Tally tally = known();
    tally.failed("outcome unknown", "ERROR: outcome unknown: \u001b[2J", 2);
    tally.more();
    assertThat(report(tally).text())
        .isEqualTo(
            """
            operation     mix, 75 % get, 25 % put
            server        b:2
            keys          1000 under bench/
            value         256 bytes
            outstanding   64 over 2 connections
            seconds       2.5
            operations    10000
            errors        2
              2 x outcome unknown
                such as: ERROR: outcome unknown: \\x1b[2J
            operations/s  4000
            mean ms       5.001
            p50 ms        5.001
            p90 ms        9.003
            p99 ms        9.904
            p99.9 ms      9.994
            max ms        10.002\
            """);
  }

  @Test
  void asJson() throws IOException {
    Tally tally = known();
    tally.failed("a \"kind\"", "sample", 2);
    tally.more();
    JsonNode json = new ObjectMapper().readTree(report(tally).json());
    assertThat(json.get("operation").textValue()).isEqualTo("mix");
    assertThat(json.get("reads_percent").intValue()).isEqualTo(75);
    assertThat(json.get("servers").toString()).isEqualTo("[\"a:1\",\"b:2\"]");
    assertThat(json.get("server").textValue()).isEqualTo("b:2");
    assertThat(json.get("warm_up_seconds").doubleValue()).isEqualTo(1.5);
    assertThat(json.get("seconds").doubleValue()).isEqualTo(2.5);
    assertThat(json.get("operations").longValue()).isEqualTo(10_000);
    assertThat(json.get("errors").longValue()).isEqualTo(2);
    assertThat(json.get("errors_by_kind").toString())
        .isEqualTo("[{\"kind\":\"a \\\"kind\\\"\",\"count\":2,\"sample\":\"sample\"}]");
    assertThat(json.get("operations_per_second").doubleValue()).isEqualTo(4000);
    assertThat(json.get("latency_ms").get("p99.9").doubleValue()).isEqualTo(9.99, within(0.01));
  }
}
