package org.rale.raled.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.settings.BadValueException;

class KeysTest {

  static List<Key<?>> all() {
    return Keys.ALL;
  }

  static Loaded read(String text) {
    return ConfigReader.parse("test.conf", text, Map.of());
  }

  /** The text alone decides: problems between keys are another test's. */
  private static boolean accepts(String key, String value) {
    Key<?> found = Keys.find(key).orElseThrow();
    try {
      found.kind().parse(value);
      return true;
    } catch (BadValueException e) {
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void theDefaultIsInTheRange(Key<?> key) {
    assertThat(key.isDerived() || key.defaultValue() != null).isTrue();
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatIsExpectedIsToldInEveryError(Key<?> key) throws Exception {
    assertThat(key.help()).matches("[A-Z].*\\.");
    assertThat(key.kind().expected()).isNotBlank();
    assertThat(key.name()).matches("[a-z_]+");
  }

  @Test
  void theReloadableOnesAreThoseOfTheOriginalTheLogDirectoryAndTheHooks() {
    assertThat(Keys.ALL.stream().filter(Key::isReloadable).map(Key::name))
        .containsExactlyInAnyOrder(
            "dstore_keep_alive_interval",
            "dstore_keep_alive_timeout",
            "on_role_change",
            "on_membership_change",
            "hook_timeout",
            "log_directory",
            "raled_log_destination",
            "raled_log_file",
            "raled_log_level",
            "raled_log_rotation_size",
            "raled_log_rotation_age",
            "dstore_log_destination",
            "dstore_log_file",
            "dstore_log_level",
            "dstore_log_rotation_size",
            "dstore_log_rotation_age",
            "comm_log_destination",
            "comm_log_file",
            "comm_log_level",
            "comm_log_rotation_size",
            "comm_log_rotation_age");
  }

  @ParameterizedTest
  @CsvSource({
    "node_id, 1, 10000",
    "node_priority, 1, 100",
    "rale_port, 1, 65535",
    "dstore_port, 1, 65535",
    "max_connections, 0, 100000",
    "raled_log_rotation_size, 1, 1000",
    "dstore_log_rotation_size, 1, 1000",
    "comm_log_rotation_size, 1, 1000",
    "raled_log_rotation_age, 1, 365",
    "dstore_log_rotation_age, 1, 365",
    "comm_log_rotation_age, 1, 365",
    "dstore_keep_alive_interval, 1, 3600",
    "dstore_keep_alive_timeout, 1, 3600",
    "communication_timeout, 1, 3600",
    "communication_max_retries, 0, 100",
    "election_timeout_min, 10, 60000",
    "election_timeout_max, 20, 120000",
    "heartbeat_interval, 1, 30000",
    "max_value_size, 1, 1048576",
    "max_size, 0, 1099511627776",
    "max_log_entries_per_request, 1, 1000000",
    "leadership_priority, 1, 10",
  })
  void aNumberIsTakenUpToBothEndsOfItsRange(String key, long min, long max) {
    assertThat(accepts(key, Long.toString(min))).isTrue();
    assertThat(accepts(key, Long.toString(max))).isTrue();
    assertThat(accepts(key, Long.toString(min - 1))).isFalse();
    assertThat(accepts(key, Long.toString(max + 1))).isFalse();
    assertThat(List.of("", "x", "1.5", "0x10", "1e3", "99999999999999999999", "٣", "1 2"))
        .noneMatch(text -> accepts(key, text));
  }

  @ParameterizedTest
  @CsvSource({
    "1B, 1",
    "64kB, 65536",
    "64 KB, 65536",
    "1MB, 1048576",
    "1mb, 1048576",
    "1048576, 1048576",
  })
  void aSizeMayHaveAUnit(String text, int bytes) {
    assertThat(read("max_value_size = " + text).config().orElseThrow().maxValueBytes())
        .isEqualTo(bytes);
  }

  @Test
  void aSizeThatOverflowsIsOutOfRange() {
    assertThat(accepts("max_size", "999999999999999999TB")).isFalse();
    assertThat(accepts("max_size", "1PB")).isFalse();
    assertThat(accepts("max_size", "1TB")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "10.1.2.3, 10.1.2.3",
    "::1, ::1",
    "[::1], ::1",
    "fe80::1%eth0, fe80::1%eth0",
    "2001:db8::1, 2001:db8::1",
    "localhost, localhost",
    "node-1.example.org, node-1.example.org",
    "db_1, db_1",
    "1a.example, 1a.example",
  })
  void addressesComeInThreeForms(String text, String host) {
    assertThat(read("node_ip = " + text).config().orElseThrow().nodeIp()).isEqualTo(host);
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "''",
        "256.1.1.1",
        "127.0.0",
        "1",
        "::1::",
        "[::1",
        "[127.0.0.1]",
        "-a",
        "a-",
        "a..b",
        ".a",
        "a b",
        "http://x",
        "a:1",
        "0.0.0.0",
        "::",
        "0:0:0:0:0:0:0:0",
        "g::1"
      })
  void whatIsNoAddressOfANodeIsRefused(String text) {
    assertThat(accepts("node_ip", text)).isFalse();
  }

  @Test
  void aWildcardIsAnAddressToListenOn() {
    assertThat(accepts("bind_ip", "0.0.0.0")).isTrue();
    assertThat(accepts("bind_ip", "::")).isTrue();
    assertThat(accepts("bind_ip", "*")).isFalse();
  }

  @Test
  void namesAreAsTheOriginalHasThem() {
    assertThat(List.of("a", "1", "node-1", "Node_1", "a".repeat(64)))
        .allMatch(text -> accepts("node_name", text));
    assertThat(List.of("", "-a", "_a", "a.b", "a b", "ä", "a".repeat(65)))
        .noneMatch(text -> accepts("node_name", text));
  }

  @Test
  void choicesAreReadInAnyCase() {
    for (String log : List.of("raled", "dstore", "comm")) {
      assertThat(List.of("stderr", "STDOUT", "file", "syslog"))
          .allMatch(text -> accepts(log + "_log_destination", text));
      assertThat(List.of("error", "Warning", "info", "debug"))
          .allMatch(text -> accepts(log + "_log_level", text));
      assertThat(accepts(log + "_log_destination", "journal")).isFalse();
      assertThat(accepts(log + "_log_level", "trace")).isFalse();
    }
    assertThat(accepts("communication_protocol", "unix")).isTrue();
    assertThat(accepts("communication_protocol", "tcp")).isFalse();
    assertThat(accepts("log_format", "plain")).isTrue();
    assertThat(accepts("log_format", "xml")).isFalse();
  }

  @Test
  void truthHasFourWritings() {
    assertThat(List.of("true", "ON", "yes", "1", "false", "off", "No", "0"))
        .allMatch(text -> accepts("enable_metrics", text));
    assertThat(List.of("", "2", "y", "truth")).noneMatch(text -> accepts("enable_metrics", text));
  }

  @Test
  void allKeysOfTheOriginalAreThere() {
    String names =
        "node_id node_name node_ip node_priority rale_port dstore_port path data_dir max_size"
            + " max_connections dstore_keep_alive_interval dstore_keep_alive_timeout log_directory"
            + " communication_protocol communication_socket communication_timeout"
            + " communication_max_retries socket_path log_file log_level bind_ip external_ip"
            + " advertise_rale_port advertise_dstore_port cluster_name cluster_members join_cluster"
            + " bootstrap_nodes bootstrap_cluster election_timeout_min election_timeout_max"
            + " heartbeat_interval max_log_entries_per_request leadership_priority auto_stepdown"
            + " max_message_size enable_tls tls_cert_file tls_key_file tls_ca_file require_auth"
            + " shared_secret log_format enable_metrics max_value_size";
    assertThat(names.split(" ")).allMatch(name -> Keys.find(name).isPresent());
    for (String log : List.of("raled", "dstore", "comm")) {
      assertThat(List.of("destination", "file", "level", "rotation_size", "rotation_age"))
          .allMatch(end -> Keys.find(log + "_log_" + end).isPresent());
    }
  }

  @Test
  void defaultsAreThoseOfTheOriginal() {
    Map<String, String> defaults =
        Keys.ALL.stream().collect(Collectors.toMap(Key::name, Key::defaultText));
    assertThat(defaults)
        .containsEntry("node_id", "1")
        .containsEntry("node_name", "default")
        .containsEntry("node_ip", "127.0.0.1")
        .containsEntry("node_priority", "1")
        .containsEntry("rale_port", "5001")
        .containsEntry("dstore_port", "6001")
        .containsEntry("path", "./db1")
        .containsEntry("max_size", "0")
        .containsEntry("max_connections", "0")
        .containsEntry("raled_log_destination", "stdout")
        .containsEntry("raled_log_file", "raled1.log")
        .containsEntry("raled_log_level", "info")
        .containsEntry("raled_log_rotation_size", "10")
        .containsEntry("raled_log_rotation_age", "7")
        .containsEntry("dstore_keep_alive_interval", "5")
        .containsEntry("dstore_keep_alive_timeout", "10")
        .containsEntry("log_directory", "./log")
        .containsEntry("communication_protocol", "unix")
        .containsEntry("communication_timeout", "5")
        .containsEntry("communication_max_retries", "3")
        .containsEntry("election_timeout_min", "150")
        .containsEntry("election_timeout_max", "300")
        .containsEntry("heartbeat_interval", "50");
    assertThat(read("rale_port = 7400").config().orElseThrow().controlSocket())
        .hasToString("/tmp/rale_7400.sock");
  }
}
