package org.rale.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** LOCK with real nodes, real commands and real signals. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LockIT {
  private static final Path RALECTRL = Path.of("../scripts/ralectrl").toAbsolutePath().normalize();

  @TempDir Path home;
  private final List<Process> processes = new ArrayList<>();
  private Daemon node;

  @BeforeEach
  void found() throws Exception {
    node = new Daemon(home, 1).start();
    assertThat(node.ask("ADD " + node.words())).isEqualTo("OK: node 1 added");
  }

  @AfterEach
  void end() throws Exception {
    node.signal("CONT");
    processes.forEach(Process::destroyForcibly);
    node.close();
  }

  private Path file(String name) {
    return home.resolve(name);
  }

  private String read(String name) throws IOException {
    return Files.exists(file(name)) ? Files.readString(file(name)) : "";
  }

  /** Begins LOCK, whose command is a script in {@link #home}; what it says goes to {@code err}. */
  private Process lock(String server, String options, String script) throws IOException {
    List<String> words = new ArrayList<>();
    // Whoever runs the tests in the background may ignore INT, and processes inherit that.
    words.addAll(List.of("env", "--default-signal=INT", RALECTRL.toString(), "--server", server));
    words.addAll(List.of(("LOCK job " + options).strip().split(" ")));
    words.addAll(List.of("--", "sh", "-c", script));
    ProcessBuilder builder = new ProcessBuilder(words).directory(home.toFile());
    Quick.environment(builder);
    Process process = builder.redirectError(file("err").toFile()).start();
    processes.add(process);
    return process;
  }

  private Process lock(String options, String script) throws IOException {
    return lock("127.0.0.1:" + node.dstorePort, options, script);
  }

  private void awaitFile(String name) {
    Until.holds("there is " + name, () -> !read(name).isEmpty());
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor()).isZero();
  }

  private static boolean runs(String pid) {
    return ProcessHandle.of(Long.parseLong(pid.strip())).isPresent();
  }

  @Test
  void theCommandHasStreamsAndItsOwnExitCode() throws Exception {
    byte[] input = "by way of stdin".getBytes(UTF_8);
    String server = "127.0.0.1:" + node.dstorePort;
    Cli.Ended ended =
        Cli.runWithInput(
            input, "--server", server, "LOCK", "job", "--", "sh", "-c", "cat; echo e >&2; exit 7");
    assertThat(ended).isEqualTo(new Cli.Ended(7, "by way of stdin", "e\n"));
    assertThat(node.ask("LEASE LIST")).isEqualTo("{\"leases\":[],\"count\":0}");
    assertThat(Cli.to(node, "LOCK", "job", "--", "nosuchcommand").exitCode()).isEqualTo(127);
    Cli.Ended inside =
        Cli.to(
            node,
            "LOCK",
            "job",
            "--",
            RALECTRL.toString(),
            "-s",
            server,
            "LOCK",
            "job",
            "--",
            "true");
    assertThat(inside.exitCode()).isEqualTo(121);
    assertThat(inside.err()).contains("is held by somebody else").contains("Holder: host=");
  }

  @Test
  void holdersNeverOverlapAndTheirTokensGrow() throws Exception {
    String script =
        "mkdir held || echo overlap >>overlaps; echo $RALE_LOCK_TOKEN >>tokens; sleep 0.1; rmdir"
            + " held";
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(lock("--wait 200", script));
    }
    for (Process each : all) {
      assertThat(each.waitFor()).as(read("err")).isZero();
    }
    assertThat(read("overlaps")).isEmpty();
    List<Long> tokens = read("tokens").lines().map(Long::parseLong).toList();
    assertThat(tokens).hasSize(6).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void theNextOneHasItWhenTheHolderIsKilledAndNothingOfThatRunsThen() throws Exception {
    Process holder = lock("--ttl 2", "echo $$ >pid; sleep 1000 & echo $! >child; wait");
    awaitFile("child");
    signal("KILL", holder.pid());
    Process next =
        lock(
            "--wait 100",
            "for p in $(cat pid child); do kill -0 $p && echo $p; done >left; exit 0");
    assertThat(next.waitFor()).as(read("err")).isZero();
    assertThat(read("left")).isEmpty();
  }

  /** A command that takes no notice of TERM, and notes when it ran last. */
  @Test
  void theCommandIsDeadBeforeTheLeaseCanEnd() throws Exception {
    Process holder =
        lock(
            "--ttl 4", "trap 'echo >term' TERM; while :; do date +%s%3N >now && mv now last; done");
    awaitFile("last");
    node.signal("STOP");
    // No KEEPALIVE that is sent from here on is answered.
    long end = System.currentTimeMillis() + Duration.ofSeconds(4).toMillis();
    assertThat(holder.waitFor()).isEqualTo(122);
    assertThat(Long.parseLong(read("last").strip())).isLessThan(end);
    assertThat(Files.exists(file("term"))).isTrue();
    assertThat(read("err")).contains("the lock was lost, and the command was killed: ");
  }

  @Test
  void aCommandThatEndsByTermIsNotKilled() throws Exception {
    Process holder =
        lock(
            "--ttl 4",
            "trap 'echo in order >term; exit 0' TERM; echo >up; while :; do sleep 0.1; done");
    awaitFile("up");
    node.kill9();
    assertThat(holder.waitFor()).isEqualTo(122);
    assertThat(read("term")).isEqualTo("in order\n");
    assertThat(read("err")).contains("the lock was lost, and the command was ended by TERM: ");
    node.start();
  }

  @Test
  void oneWhoStoodStillKillsWhenHeGoesOn() throws Exception {
    Process holder = lock("--ttl 2", "trap '' TERM; echo $$ >pid; while :; do sleep 0.1; done");
    awaitFile("pid");
    signal("STOP", holder.pid());
    assertThat(lock("--wait 100", "echo $RALE_LOCK_TOKEN >next").waitFor()).isZero();
    assertThat(runs(read("pid"))).as("what fencing tokens are for").isTrue();
    signal("CONT", holder.pid());
    assertThat(holder.waitFor()).isEqualTo(122);
    assertThat(runs(read("pid"))).isFalse();
  }

  /** The exit code would say that all of it ran under the lock. */
  @Test
  void anEndThatIsSeenTooLateIsNoSuccess() throws Exception {
    Process holder = lock("--ttl 2", "echo $$ >pid; while [ ! -e go ]; do sleep 0.05; done");
    awaitFile("pid");
    signal("STOP", holder.pid());
    assertThat(lock("--wait 100", "true").waitFor()).isZero();
    Files.writeString(file("go"), "");
    Path stat = Path.of("/proc/" + read("pid").strip() + "/stat");
    Until.holds(
        "it has ended, and its parent stands still",
        () -> Files.readString(stat).replaceAll(".*\\) ", "").startsWith("Z"));
    signal("CONT", holder.pid());
    assertThat(holder.waitFor()).isEqualTo(122);
  }

  @Test
  void aLeaseThatSomebodyRevokesIsTheEnd() throws Exception {
    Process holder = lock("--ttl 3", "trap '' TERM; echo $RALE_LOCK_LEASE >lease; exec sleep 1000");
    awaitFile("lease");
    assertThat(node.ask("LEASE REVOKE " + read("lease").strip())).isEqualTo("OK: deleted 1");
    assertThat(holder.waitFor()).isEqualTo(122);
    assertThat(read("err")).contains("lease not found");
  }

  @Test
  void signalsArePassedOnAndTheLockIsGivenBack() throws Exception {
    for (String name : List.of("TERM", "HUP", "INT")) {
      Process holder =
          lock("", "trap 'exit 5' " + name + "; echo >up" + name + "; while :; do sleep 0.1; done");
      awaitFile("up" + name);
      signal(name, holder.pid());
      assertThat(holder.waitFor()).as(name).isEqualTo(5);
      assertThat(node.ask("LEASE LIST")).isEqualTo("{\"leases\":[],\"count\":0}");
    }
  }

  @Test
  void whoWaitsCanBeInterrupted() throws Exception {
    Process holder = lock("", "echo >up; exec sleep 1000");
    awaitFile("up");
    Process waiting = lock("--wait 1000", "echo never >never");
    Path pid = Path.of("/proc/" + waiting.pid() + "/status");
    // Bit 19 of SigCgt: TSTP is handled, which Java by itself never does, and LOCK last.
    Until.holds(
        "it handles signals by itself",
        () ->
            Files.readString(pid)
                .lines()
                .filter(line -> line.startsWith("SigCgt:"))
                .anyMatch(
                    line ->
                        (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 0x80000) != 0));
    signal("INT", waiting.pid());
    assertThat(waiting.waitFor()).isEqualTo(130);
    assertThat(read("never")).isEmpty();
    assertThat(holder.isAlive()).isTrue();
  }

  @Test
  void theLockIsHeldUntilNothingOfTheCommandIsLeft() throws Exception {
    Process holder =
        lock("", "(while [ ! -e go ]; do sleep 0.05; done; echo >done) & echo >up; exit 3");
    awaitFile("up");
    assertThat(Cli.to(node, "LOCK", "job", "--", "true").exitCode()).isEqualTo(121);
    assertThat(holder.isAlive()).isTrue();
    Files.writeString(file("go"), "");
    assertThat(holder.waitFor()).isEqualTo(3);
    assertThat(Files.exists(file("done"))).isTrue();
  }

  /** The leader goes, and within the ttl there is another one: the command notices nothing. */
  @Test
  void itOutlivesTheLeader() throws Exception {
    try (Cluster cluster = Cluster.formed(home.resolve("c")).whole()) {
      Daemon leader = cluster.leader();
      List<String> servers = new ArrayList<>(List.of("127.0.0.1:" + leader.dstorePort));
      cluster.nodes.stream()
          .filter(other -> other != leader)
          .forEach(other -> servers.add("127.0.0.1:" + other.dstorePort));
      Process holder =
          lock(
              String.join(",", servers),
              "--ttl 8",
              // From when the leader stands still on it runs for longer than the ttl.
              "echo >up; while [ ! -e go ]; do sleep 0.1; done; sleep 10; exit 4");
      awaitFile("up");
      leader.signal("STOP");
      Files.writeString(file("go"), "");
      assertThat(holder.waitFor()).as(read("err")).isEqualTo(4);
      leader.signal("CONT");
    }
  }
}
