package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Help, and what is said of a command line that is wrong. */
class UsageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ADD",
        "BACKUP",
        "BENCH",
        "CAS",
        "DB",
        "DELETE",
        "GET",
        "HELP",
        "KEYS",
        "LEADER",
        "LEASE",
        "LIST",
        "LOCK",
        "PING",
        "PUT",
        "REMOVE",
        "START",
        "STATUS",
        "STOP",
        "TRANSFER",
        "TXN",
        "WAIT",
        "WATCH",
        "WATCH-LEADER"
      })
  void helpOfACommand(String name) throws IOException {
    String expected = resource("help/" + name + ".txt");
    new Program().run("HELP", name).printed(expected);
    new Program().run("help", name.toLowerCase(Locale.ROOT)).printed(expected);
    new Program().run(name, "--help").printed(expected);
    new Program().run("-h", name).printed(expected);
  }

  @Test
  void helpOfTheProgram() throws IOException {
    String expected = resource("help/ralectrl.txt");
    new Program().run("HELP").printed(expected);
    new Program().run("--help").printed(expected);
    new Program().run("-h").printed(expected);
  }

  @Test
  void versionIsOneLine() {
    assertThat(new Program().run("--version").out()).matches("ralectrl [^\n]+\n");
    assertThat(new Program().run("PING", "-V").exit()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|GET: --key is missing|Try \"ralectrl HELP GET\".",
        "GET a b|GET: 1 value is expected, but there are 2|Try \"ralectrl HELP GET\".",
        "GET --key a b|GET: values are given both by position and by option"
            + "|Try \"ralectrl HELP GET\".",
        "PUT a|PUT: 2 values are expected, but there is 1|Try \"ralectrl HELP PUT\".",
        "PUT a b c|PUT: 2 values are expected, but there are 3|Try \"ralectrl HELP PUT\".",
        "SET|PUT: --key, --value is missing|Try \"ralectrl HELP PUT\".",
        "PUT =v|the key is empty|A key has 1 to 1024 bytes.",
        "CAS k x v|invalid value for REVISION: \"x\"|Give a whole number from 0 up.",
        "CAS k 9223372036854775808 v|invalid value for REVISION: \"9223372036854775808\""
            + "|Give a whole number from 0 up.",
        "KEYS a b|KEYS: at most 1 value is expected, but there are 2"
            + "|Try \"ralectrl HELP KEYS\".",
        "KEYS --limit 10001|invalid value for --limit: \"10001\""
            + "|Give a whole number from 1 to 10000.",
        "REMOVE 0|invalid value for --node-id: \"0\"|Give a whole number from 1 to 10000.",
        "REMOVE -i 10001|invalid value for --node-id: \"10001\""
            + "|Give a whole number from 1 to 10000.",
        "ADD 1 n h 0 7401|invalid value for --rale-port: \"0\""
            + "|Give a whole number from 1 to 65535.",
        "ADD -i 1 -n n|ADD: --node-ip, --rale-port, --dstore-port is missing"
            + "|Try \"ralectrl HELP ADD\".",
        "PING --timeout 0|invalid value for --timeout: \"0\""
            + "|Give seconds from 0.001 to 3600, for example 2 or 0.5.",
        "PING --timeout 1e3|invalid value for --timeout: \"1e3\""
            + "|Give seconds from 0.001 to 3600, for example 2 or 0.5.",
        "PING --output xml|invalid value for --output: \"xml\"|Give text or json.",
        "PING --port 65536|invalid value for --port: \"65536\""
            + "|Give a whole number from 1 to 65535.",
        "PING extra|PING: unexpected argument \"extra\"|Try \"ralectrl HELP PING\".",
        "PUT k v --lease 0|invalid value for --lease: \"0\"|Give a whole number from 1 up.",
        "CAS k 1 v --lease x|invalid value for --lease: \"x\"|Give a whole number from 1 up.",
        "LEASE|LEASE: grant, keepalive, revoke or list is missing|Try \"ralectrl HELP LEASE\".",
        "LEASE sell 1|LEASE: unknown word \"sell\": grant, keepalive, revoke or list"
            + "|Try \"ralectrl HELP LEASE\".",
        "LEASE grant|LEASE: 1 TTL is expected behind grant, but there are 0"
            + "|Try \"ralectrl HELP LEASE\".",
        "LEASE grant 0.9|invalid value for TTL: \"0.9\""
            + "|Give seconds from 1 to 86400, for example 2 or 1.5.",
        "LEASE grant 86401|invalid value for TTL: \"86401\""
            + "|Give seconds from 1 to 86400, for example 2 or 1.5.",
        "LEASE revoke x|invalid value for LEASE: \"x\"|Give a whole number from 1 up.",
        "LEASE keepalive 1 2|LEASE: 1 LEASE is expected behind keepalive, but there are 2"
            + "|Try \"ralectrl HELP LEASE\".",
        "LEASE list 1|LEASE: nothing is expected behind list, but there are 1"
            + "|Try \"ralectrl HELP LEASE\".",
        "LEADER 2|LEADER: unexpected argument \"2\"|Try \"ralectrl HELP LEADER\".",
        "TXN|TXN: 1 DOCUMENT is expected, but there are 0|Try \"ralectrl HELP TXN\".",
        "TXN {} {}|TXN: 1 DOCUMENT is expected, but there are 2|Try \"ralectrl HELP TXN\".",
        "TXN {}|TXN: the transaction has no step|give 'then', 'else' or both",
        "WATCH-LEADER --count 0|invalid value for --count: \"0\""
            + "|Give a whole number from 1 to 2147483647.",
        "WATCH-LEADER 2|WATCH-LEADER: unexpected argument \"2\""
            + "|Try \"ralectrl HELP WATCH-LEADER\".",
        "BENCH|BENCH: OPERATION is missing|Try \"ralectrl HELP BENCH\".",
        "BENCH fly|BENCH: unknown operation \"fly\": put, get, local, mix or clean"
            + "|Try \"ralectrl HELP BENCH\".",
        "BENCH put 5|BENCH: 1 value is expected, but there are 2|Try \"ralectrl HELP BENCH\".",
        "BENCH put --reads 5|BENCH: --reads is for mix|Try \"ralectrl HELP BENCH\".",
        "BENCH mix --reads 101|invalid value for --reads: \"101\""
            + "|Give a whole number from 0 to 100.",
        "BENCH put --connections 65|BENCH: 65 connections need as many requests under way"
            + "|Try \"ralectrl HELP BENCH\".",
        "BENCH put --value-size 1048577|invalid value for --value-size: \"1048577\""
            + "|Give a whole number from 1 to 1048576.",
        "BENCH put --keys 0|invalid value for --keys: \"0\""
            + "|Give a whole number from 1 to 100000000.",
        "BENCH put --warm-up x|invalid value for --warm-up: \"x\""
            + "|Give seconds from 0.001 to 3600, for example 2 or 0.5.",
        "BENCH put --prefix=|invalid value for --prefix: \"\""
            + "|Give 1 to 1015 bytes without blanks, for example bench/.",
        "START|START: --config FILE is missing|Try \"ralectrl HELP START\".",
        "STOP|STOP: --config FILE is missing|Try \"ralectrl HELP STOP\".",
        "STOP --server a|STOP: --config FILE is missing|Try \"ralectrl HELP STOP\".",
        "DB|DB: check, dump or keys is missing, and FILE|Try \"ralectrl HELP DB\".",
        "DB mend f|DB: unknown word \"mend\": check, dump or keys|Try \"ralectrl HELP DB\".",
        "DB check|DB: 1 FILE is expected behind check, but there are 0"
            + "|Try \"ralectrl HELP DB\".",
        "db dump a b|DB: 1 FILE is expected behind dump, but there are 2"
            + "|Try \"ralectrl HELP DB\".",
        "DB check --values f|DB: --values is for dump and keys|Try \"ralectrl HELP DB\".",
        "DB dump --snapshot f|DB: --snapshot is for keys|Try \"ralectrl HELP DB\".",
        "--frob PING|unknown option --frob|Try \"ralectrl HELP\".",
        "--host|missing required parameter for option '--host' (HOST)|Try \"ralectrl HELP\"."
      })
  void wrongUsage(String line, String message, String hint) {
    new Program()
        .run(line.split(" "))
        .failed(2, "ralectrl: error: %s\nralectrl: hint: %s\n".formatted(message, hint));
  }

  @Test
  void anOptionThatNobodyKnows() {
    new Program()
        .run("PUT", "k", "-x")
        .failed(
            2,
            "ralectrl: error: PUT: unknown option -x\n"
                + "ralectrl: hint: Try \"ralectrl HELP PUT\". Put -- before a key or value that"
                + " begins with a hyphen.\n");
  }

  static Stream<List<String>> withoutACommand() {
    return Stream.of(List.of(), List.of("GTE"), List.of("HELP", "GTE"));
  }

  @ParameterizedTest
  @MethodSource("withoutACommand")
  void theCommandsAreNamedWhenThereIsNone(List<String> arguments) {
    String message = arguments.isEmpty() ? "there is no command" : "unknown command \"GTE\"";
    new Program()
        .run(arguments.toArray(String[]::new))
        .failed(
            2,
            "ralectrl: error: %s\n".formatted(message)
                + "ralectrl: hint: Commands: ADD, BACKUP, BENCH, CAS, DB, DELETE, GET, HELP, KEYS,"
                + " LEADER, LEASE, LIST, LOCK, PING, PUT, REMOVE, START, STATUS, STOP, TRANSFER,"
                + " TXN, WAIT, WATCH, WATCH-LEADER.\n");
  }

  @Test
  void anArgumentThatTheLocaleCannotReadIsNotStored() {
    assertThat(new Program().run("PUT", "k", "caf\uFFFD").err())
        .isEqualTo(
            "ralectrl: error: an argument is not text in the encoding of the locale\n"
                + "ralectrl: hint: Set LC_ALL=C.UTF-8, and pass a value that is no text by"
                + " standard input: PUT KEY -.\n");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = UsageTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
