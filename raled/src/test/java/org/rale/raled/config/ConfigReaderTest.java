package org.rale.raled.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.RaleConfig;
import org.rale.RaleConfig.Founder;
import org.rale.clusterdb.RewriteLimits;
import org.rale.settings.Problem;

class ConfigReaderTest {

  private static Loaded read(String text) {
    return read(text, Map.of());
  }

  private static Loaded read(String text, Map<String, String> environment) {
    return ConfigReader.parse("n.conf", text, environment);
  }

  private static NodeConfig config(String text) {
    Loaded loaded = read(text);
    assertThat(loaded.problems()).isEmpty();
    return loaded.config().orElseThrow();
  }

  private static String problems(String text, Map<String, String> environment) {
    Loaded loaded = read(text, environment);
    assertThat(loaded.config().isPresent()).isEqualTo(loaded.errors().isEmpty());
    return loaded.problems().stream().map(Problem::render).collect(Collectors.joining("\n"));
  }

  private static String problems(String text) {
    return problems(text, Map.of());
  }

  @Test
  void controlCharactersOfTheFileDriveNoTerminal() {
    assertThat(problems("no\rsett\u001bing"))
        .isEqualTo(
            """
            n.conf:1: error: this line is no setting: "no\\x0dsett\\x1bing"
              detail: Expected: key = value, or a comment after '#'.\
            """);
  }

  @Test
  void anEmptyFileGivesTheDefaults() {
    assertThat(config("").raleConfig())
        .isEqualTo(
            new RaleConfig(
                1,
                "default",
                "127.0.0.1",
                5001,
                6001,
                1,
                Path.of("./db1"),
                0,
                1 << 20,
                RewriteLimits.DEFAULT,
                150,
                300,
                50,
                5000,
                List.of()));
  }

  @Test
  void everyKeyReachesItsPlace() {
    NodeConfig config =
        config(
            """
            node_id = 2
            node_name = node2
            node_ip = 10.0.0.2
            node_priority = 7
            bind_ip = 0.0.0.0
            rale_port = 7400
            dstore_port = 7401
            cluster_name = blue
            cluster_members = 1:node1:10.0.0.1:7400:7401, 2:node2:10.0.0.2:7400:7401, \\
                              3:node3:[2001:db8::3]:7400:7401
            election_timeout_min = 200
            election_timeout_max = 500
            heartbeat_interval = 40
            data_dir = /var/lib/rale
            max_size = 2GB
            max_value_size = 64kB
            rewrite_min_size = 64MB
            rewrite_share = 20
            rewrite_max_size = 1GB
            max_connections = 17
            dstore_keep_alive_interval = 2
            dstore_keep_alive_timeout = 4
            communication_protocol = unix
            socket_path = /run/rale/c.sock
            communication_timeout = 9
            log_directory = /var/log/rale
            raled_log_destination = file
            log_file = r.log
            log_level = debug
            raled_log_rotation_size = 11
            raled_log_rotation_age = 12
            dstore_log_destination = syslog
            dstore_log_level = warning
            comm_log_destination = stderr
            comm_log_level = error
            """);
    assertThat(config.raleConfig())
        .isEqualTo(
            new RaleConfig(
                2,
                "node2",
                "10.0.0.2",
                7400,
                7401,
                7,
                Path.of("/var/lib/rale"),
                2L << 30,
                65536,
                new RewriteLimits(64L << 20, 20, 1L << 30),
                200,
                500,
                40,
                9000,
                List.of(
                    new Founder(1, "node1", "10.0.0.1", 7400, 7401),
                    new Founder(2, "node2", "10.0.0.2", 7400, 7401),
                    new Founder(3, "node3", "2001:db8::3", 7400, 7401))));
    assertThat(config.bindIp()).isEqualTo("0.0.0.0");
    assertThat(config.clusterName()).isEqualTo("blue");
    assertThat(config.maxConnections()).isEqualTo(17);
    assertThat(config.keepAlive())
        .isEqualTo(new NodeConfig.KeepAlive(Duration.ofSeconds(2), Duration.ofSeconds(4)));
    assertThat(config.controlSocket()).isEqualTo(Path.of("/run/rale/c.sock"));
    assertThat(config.logging().directory()).isEqualTo(Path.of("/var/log/rale"));
    assertThat(config.logging().all())
        .containsExactly(
            new LogConfig("raled", LogDestination.FILE, Path.of("r.log"), LogLevel.DEBUG, 11, 12),
            new LogConfig(
                "dstore", LogDestination.SYSLOG, Path.of("dstore1.log"), LogLevel.WARNING, 10, 7),
            new LogConfig(
                "comm", LogDestination.STDERR, Path.of("comm1.log"), LogLevel.ERROR, 10, 7));
  }

  @Test
  void bindIpFollowsNodeIp() {
    assertThat(config("node_ip = 10.0.0.9").bindIp()).isEqualTo("10.0.0.9");
  }

  @Test
  void noConnectionsStandForTheDefault() {
    assertThat(config("max_connections = 0").maxConnections()).isEqualTo(1000);
  }

  @Test
  void allErrorsAreToldInOneRun() {
    assertThat(
            problems(
                """
                node_id = 0
                nod_name = a
                rale_port = 70000
                just words
                node_ip = 0.0.0.0
                raled_log_level = loud
                completely_different = 1
                path =
                max_size = 1 parsec
                """))
        .isEqualTo(
            """
            n.conf:1: error: invalid value for node_id: "0"
              detail: Expected a whole number from 1 to 10000.
            n.conf:2: error: unknown key "nod_name"
              hint: Did you mean node_name?
            n.conf:3: error: invalid value for rale_port: "70000"
              detail: Expected a whole number from 1 to 65535.
            n.conf:4: error: this line is no setting: "just words"
              detail: Expected: key = value, or a comment after '#'.
            n.conf:5: error: invalid value for node_ip: "0.0.0.0"
              detail: Peers can't connect to 0.0.0.0: expected the address under which they reach\
             this node. To listen on all addresses, set bind_ip.
            n.conf:6: error: invalid value for raled_log_level: "loud"
              detail: Expected one of error, warning, info, debug.
            n.conf:7: error: unknown key "completely_different"
              hint: docs/CONFIGURATION.md lists all keys.
            n.conf:8: error: invalid value for path: ""
              detail: Expected a path.
            n.conf:9: error: invalid value for max_size: "1 parsec"
              detail: Expected a number of bytes from 0 to 1 TB; kB, MB, GB and TB are understood.\
            """);
  }

  @Test
  void aKeyThatIsSetTwiceNamesBothLines() {
    assertThat(problems("path = a\nnode_id = 1\ndata_dir = b\n"))
        .isEqualTo(
            """
            n.conf:3: error: path is set twice (data_dir is an alias of it)
              detail: It was set before at n.conf:1.
              hint: Remove one of the two.\
            """);
  }

  @Test
  void theEnvironmentIsOverTheFile() {
    Loaded loaded =
        read(
            "node_id = 1\nlog_level = info",
            Map.of("RALE_NODE_ID", "3", "RALE_LOG_LEVEL", "debug"));
    assertThat(loaded.problems()).isEmpty();
    NodeConfig config = loaded.config().orElseThrow();
    assertThat(config.nodeId()).isEqualTo(3);
    assertThat(config.logging().raled().level()).isEqualTo(LogLevel.DEBUG);
  }

  @Test
  void anEmptyVariableSetsNothing() {
    assertThat(read("node_id = 4", Map.of("RALE_NODE_ID", "")).config().orElseThrow().nodeId())
        .isEqualTo(4);
  }

  @Test
  void mistakesInTheEnvironmentNameTheVariable() {
    assertThat(
            problems(
                "",
                Map.of(
                    "RALE_NODE_ID", "x",
                    "RALE_PATH", "a",
                    "RALE_DATA_DIR", "b",
                    "RALE_RALE_PROT", "1",
                    "RALE_SERVER", "s",
                    "RALE_JAVA_OPTS", "-x")))
        .isEqualTo(
            """
            $RALE_NODE_ID: error: invalid value for node_id: "x"
              detail: Expected a whole number from 1 to 10000.
            $RALE_DATA_DIR: error: path is set twice
              detail: It is set by $RALE_PATH too.
            $RALE_RALE_PROT: warning: this variable sets nothing
              detail: Did you mean RALE_RALE_PORT?\
            """);
  }

  @Test
  void variablesAreExpanded() {
    Map<String, String> environment = Map.of("ID", "7", "EMPTY", "", "A", "${ID}");
    assertThat(read("node_id = ${ID}", environment).config().orElseThrow().nodeId()).isEqualTo(7);
    assertThat(read("node_id = ${NO:8}", environment).config().orElseThrow().nodeId()).isEqualTo(8);
    assertThat(read("node_id = \"${EMPTY:9}\"", environment).config().orElseThrow().nodeId())
        .isEqualTo(9);
    assertThat(
            read("path = /d/${ID}/$${x}/${NO:}$ID-${A}", environment)
                .config()
                .orElseThrow()
                .dataDirectory())
        .isEqualTo(Path.of("/d/7/${x}/$ID-${ID}"));
  }

  @Test
  void whatCannotBeExpandedIsAnError() {
    assertThat(problems("node_id = ${NO}\npath = ${NO\nnode_name = ${a b:c}\n"))
        .isEqualTo(
            """
            n.conf:1: error: the value of node_id can't be expanded
              detail: The environment variable NO is not set: set it, or write ${NO:default}.
            n.conf:2: error: the value of path can't be expanded
              detail: "${NO" has no '}': expected ${NAME} or ${NAME:default}.
            n.conf:3: error: the value of node_name can't be expanded
              detail: "a b" is no name of a variable: expected ${NAME} or ${NAME:default}.\
            """);
  }

  @Test
  void aKeyWithoutEffectIsAcceptedWithAWarning() {
    assertThat(problems("leadership_priority = 5\nenable_tls = false\n"))
        .isEqualTo(
            """
            n.conf:1: warning: leadership_priority has no effect yet
              detail: Use node_priority.\
            """);
    for (Key<?> key : Keys.ALL) {
      if (key.effect() == Key.Effect.NONE) {
        assertThat(problems(key.name() + " = " + key.defaultText()))
            .contains("n.conf:1: warning: " + key.name() + " has no effect yet");
      }
    }
  }

  @Test
  void protectionThatIsNotThereIsRefused() {
    assertThat(problems("enable_tls = true\nrequire_auth = on\n"))
        .isEqualTo(
            """
            n.conf:1: error: enable_tls = true can't be honoured: this version has no such protection
              detail: Running without it would expose the node to those whom it is to keep out.
              hint: Set it to false, and let only trusted hosts reach the ports.
            n.conf:2: error: require_auth = true can't be honoured: this version has no such protection
              detail: Running without it would expose the node to those whom it is to keep out.
              hint: Set it to false, and let only trusted hosts reach the ports.\
            """);
  }

  @Test
  void timeoutsMustFitEachOther() {
    assertThat(problems("election_timeout_min = 300\n"))
        .isEqualTo(
            """
            n.conf:1: error: election_timeout_min must be less than election_timeout_max
              detail: They are 300 ms and 300 ms. Nodes with equal timeouts stand for election at\
             the same time, and split the votes.
              hint: The default is 150 and 300; twice the minimum is a good maximum.\
            """);
    assertThat(problems("\nheartbeat_interval = 76\n"))
        .isEqualTo(
            """
            n.conf:2: error: heartbeat_interval must be at most half of election_timeout_min
              detail: They are 76 ms and 150 ms: one lost heartbeat would be an election.
              hint: A third is the default.\
            """);
    assertThat(problems("heartbeat_interval = 75")).isEmpty();
  }

  @Test
  void theBoundOfRewritesMustNotBeLessThanTheirConstant() {
    assertThat(problems("\nrewrite_max_size = 16MB\n"))
        .isEqualTo(
            """
            n.conf:2: error: rewrite_max_size must not be less than rewrite_min_size
              detail: They are 16777216 and 33554432 bytes.
              hint: The default is 256MB and 32MB.\
            """);
    assertThat(problems("rewrite_max_size = 32MB")).isEmpty();
  }

  @Test
  void aKeepAliveThatEndsBeforeItsProbeGetsAWarning() {
    assertThat(problems("dstore_keep_alive_timeout = 5\n"))
        .isEqualTo(
            """
            n.conf:1: warning: dstore_keep_alive_timeout is not greater than\
             dstore_keep_alive_interval
              detail: They are 5 s and 5 s: a quiet link is closed before it is probed.\
            """);
  }

  @Test
  void aNodeThatNobodyReachesGetsAWarning() {
    assertThat(problems("node_ip = 10.0.0.1\nbind_ip = 127.0.0.1\n"))
        .isEqualTo(
            """
            n.conf:2: warning: no other host can reach this node
              detail: It listens on 127.0.0.1, but tells its peers to use 10.0.0.1.\
            """);
  }

  @Test
  void theOwnNodeMustBeAmongTheMembers() {
    assertThat(problems("cluster_members = 2:b:10.0.0.2:1:2, 3:c:10.0.0.3:1:2\n"))
        .isEqualTo(
            """
            n.conf:1: error: cluster_members does not name this node, whose node_id is 1
              detail: It names [2, 3].
              hint: Every node needs the same list, itself in it.\
            """);
    assertThat(problems("node_name = n\nrale_port = 2\ncluster_members = 1:a:127.0.0.1:1:6001\n"))
        .isEqualTo(
            """
            n.conf:3: error: cluster_members and this node's own keys differ
              detail: node_name is n, in cluster_members it is a; rale_port is 2, in\
             cluster_members it is 1.
              hint: Make them equal.\
            """);
  }

  @Test
  void eachMemberIsChecked() {
    assertThat(memberProblem("node1:127.0.0.1:7400"))
        .isEqualTo(
            "The member \"node1:127.0.0.1:7400\" is not of the form"
                + " id:name:ip:rale_port:dstore_port; IPv6 needs brackets.");
    assertThat(memberProblem("1:a:::1:1:2"))
        .isEqualTo(
            "The member \"1:a:::1:1:2\" is not of the form id:name:ip:rale_port:dstore_port; IPv6"
                + " needs brackets.");
    assertThat(memberProblem("0:a:h:1:2"))
        .isEqualTo(
            "In the member \"0:a:h:1:2\" the id is \"0\": expected a whole number from 1 to"
                + " 10000.");
    assertThat(memberProblem("1:a:h:1:70000"))
        .isEqualTo(
            "In the member \"1:a:h:1:70000\" the dstore_port is \"70000\": expected a whole number"
                + " from 1 to 65535.");
    assertThat(memberProblem("1:a:h:1:2,")).contains("The member \"\" is not of the form");
    assertThat(memberProblem("1:a:h:1:2, 1:b:i:1:2")).isEqualTo("Two members have the id 1.");
    assertThat(memberProblem("1:a:h:1:2, 2:a:i:1:2")).isEqualTo("Two members have the name a.");
    assertThat(memberProblem("1:a:h:1:2, 2:b:h:3:2"))
        .isEqualTo("The members 1 and 2 share a port on h.");
  }

  private static String memberProblem(String members) {
    Loaded loaded = read("cluster_members = " + members);
    assertThat(loaded.problems()).hasSize(1);
    assertThat(loaded.problems().get(0).message()).startsWith("invalid value for cluster_members");
    return String.valueOf(loaded.problems().get(0).detail());
  }

  @Test
  void aSocketPathThatTheKernelCannotHoldIsRefused() {
    assertThat(problems("socket_path = /" + "s".repeat(106))).isEmpty();
    assertThat(problems("socket_path = /" + "s".repeat(107)))
        .contains("the path of communication_socket is too long")
        .contains("It has 108 bytes: expected at most 107.");
  }

  @Test
  void logsThatShareAFileMustRotateItAlike() {
    String shared =
        """
        raled_log_destination = file
        comm_log_destination = file
        raled_log_file = all.log
        comm_log_file = ./all.log
        """;
    assertThat(problems(shared)).isEmpty();
    assertThat(problems(shared + "comm_log_rotation_age = 8"))
        .isEqualTo(
            """
            n.conf:4: error: comm_log_file and raled_log_file are the same file
              detail: Logs that share a file must have the same rotation_size and rotation_age.\
            """);
  }

  @Test
  void controlCharactersAreRefused() {
    assertThat(problems("path = \"a\tb\""))
        .isEqualTo("n.conf:1: error: the value of path has a control character in it");
    assertThat(problems("path = a\0b")).contains("control character");
  }

  @Test
  void filesThatCannotBeReadAreNamed(@TempDir Path dir) throws IOException {
    Path missing = dir.resolve("missing.conf");
    assertThat(only(missing)).contains("missing.conf: error: there is no such file");
    assertThat(only(dir)).contains("can't be read");
    Path latin = Files.write(dir.resolve("latin.conf"), new byte[] {'#', (byte) 0xe9});
    assertThat(only(latin)).contains("latin.conf: error: the file is not UTF-8 text");
    Path large = Files.write(dir.resolve("large.conf"), new byte[(1 << 20) + 1]);
    assertThat(only(large)).contains("large.conf: error: the file is larger than 1 MiB");
    Path good = Files.writeString(dir.resolve("good.conf"), "node_id = 5\n");
    assertThat(ConfigReader.read(good, Map.of()).config().orElseThrow().nodeId()).isEqualTo(5);
  }

  private static String only(Path file) {
    Loaded loaded = ConfigReader.read(file, Map.of());
    assertThat(loaded.problems()).hasSize(1);
    assertThat(loaded.config()).isEmpty();
    return loaded.problems().get(0).render();
  }

  @Test
  void S_17_anyTextGivesAConfigurationOrErrors() {
    String[] parts = {
      "node_id", "cluster_members", "path", "max_size", " = ", "=", "\n", "${", "}", ":", "1", "2",
      "node1", "[::1]", ",", "\\\n", "'", "\"", "#", "kB", "\0", "é", "heartbeat_interval", "9999"
    };
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      String text =
          random
              .ints(random.nextInt(30), 0, parts.length)
              .mapToObj(i -> parts[i])
              .collect(Collectors.joining());
      Loaded loaded = read(text);
      assertThat(loaded.config().isPresent()).isEqualTo(loaded.errors().isEmpty());
    }
    for (int round = 0; round < 2_000; round++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      Loaded loaded = read(new String(bytes, StandardCharsets.ISO_8859_1));
      assertThat(loaded.config().isPresent()).isEqualTo(loaded.errors().isEmpty());
    }
  }
}
