package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Scripts that follow keys. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WatchIT {
  private static final Path RALECTRL = Path.of("../scripts/ralectrl").toAbsolutePath().normalize();

  @TempDir Path home;

  /** With all servers, this one first. */
  private static Process start(Cluster cluster, Daemon first, String... words) throws IOException {
    List<Daemon> nodes = new ArrayList<>(cluster.nodes);
    nodes.remove(first);
    nodes.add(0, first);
    List<String> command = new ArrayList<>(List.of(RALECTRL.toString(), "--server"));
    command.add(
        nodes.stream()
            .map(node -> "127.0.0.1:" + node.dstorePort)
            .collect(Collectors.joining(",")));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command);
    Quick.environment(builder);
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String withoutRevision(String line) {
    return line.replaceFirst("^(put|delete) [0-9]+ ", "$1 ");
  }

  @Test
  void eachChangeIsToldOnceThoughItsServerIsKilled() throws Exception {
    try (Cluster cluster = Cluster.formed(home).whole()) {
      Daemon first = cluster.leader();
      cluster.put("app/before", "0");
      String from = first.status().get("last_applied");
      cluster.put("app/a", "1");
      Process watch = start(cluster, first, "WATCH", "--from", from, "--count", "4", "app/");
      try (BufferedReader lines = watch.inputReader()) {
        assertThat(withoutRevision(lines.readLine())).isEqualTo("put \"app/a\" \"1\"");
        cluster.put("other", "x");
        cluster.put("app/a", "2");
        assertThat(withoutRevision(lines.readLine())).isEqualTo("put \"app/a\" \"2\"");
        first.kill9();
        cluster.put("app/b", "3");
        cluster.put("app/c", "4");
        assertThat(withoutRevision(lines.readLine())).isEqualTo("put \"app/b\" \"3\"");
        assertThat(withoutRevision(lines.readLine())).isEqualTo("put \"app/c\" \"4\"");
        assertThat(lines.readLine()).isNull();
        assertThat(watch.waitFor()).isZero();
      } finally {
        watch.destroyForcibly();
      }
    }
  }

  @Test
  void whoWaitsForAKeyGetsItsValue() throws Exception {
    try (Cluster cluster = Cluster.formed(home).whole()) {
      Daemon node = cluster.follower();
      Process wait = start(cluster, node, "WAIT", "done");
      try (BufferedReader lines = wait.inputReader()) {
        cluster.put("done", "yes");
        assertThat(lines.readLine()).isEqualTo("yes");
        assertThat(wait.waitFor()).isZero();
      } finally {
        wait.destroyForcibly();
      }
      String revision = node.status().get("last_applied");
      assertThat(node.ask("DELETE done")).startsWith("OK");
      assertThat(Cli.to(node, "WAIT", "done", revision).exitCode()).isEqualTo(4);
      assertThat(Cli.to(node, "--timeout", "0.2", "WAIT", "done").exitCode()).isEqualTo(3);
    }
  }
}
