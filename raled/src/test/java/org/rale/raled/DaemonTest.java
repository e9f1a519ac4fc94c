package org.rale.raled;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.raled.config.ConfigReader;
import org.rale.raled.config.NodeConfig;
import org.rale.raled.log.Logs;
import org.slf4j.LoggerFactory;

class DaemonTest {
  @TempDir Path dir;
  private Path file;
  private FakeNode node;
  private Logs logs;
  private Daemon daemon;

  @BeforeEach
  void make() throws IOException {
    file = dir.resolve("n.conf");
    NodeConfig config = write("");
    logs = Logs.ofProcess(new Logs.Mode(false, true));
    logs.apply(config);
    node = new FakeNode(config);
    daemon = new Daemon(file, Map.of(), config, node, logs);
  }

  @AfterEach
  void close() {
    logs.close();
    ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
  }

  private NodeConfig write(String more) throws IOException {
    Files.writeString(file, "log_directory = " + dir + "\n" + more);
    return ConfigReader.read(file, Map.of()).config().orElseThrow();
  }

  private String log() throws IOException {
    logs.close();
    return Files.readString(dir.resolve("raled1.log")).replaceAll("(?m)^.*\\[rale/1\\] ", "");
  }

  private void signal(String name) {
    daemon.actions().get(name).run();
  }

  @Test
  void theFirstStopIsGracefulAndTheSecondIsNot() throws IOException {
    signal("TERM");
    signal("INT");
    assertThat(node.calls).containsExactly("stop gracefully", "stop at once");
    assertThat(log())
        .isEqualTo("INFO raled: SIGTERM: stopping\nINFO raled: SIGINT: stopping at once\n");
  }

  @Test
  void statusAndHealthGoToTheLog() throws IOException {
    signal("USR1");
    signal("USR2");
    signal("PIPE");
    assertThat(log())
        .isEqualTo("INFO raled: status: all is fake\nINFO raled: health: never better\n");
    assertThat(node.calls).isEmpty();
  }

  @Test
  void reloadTakesWhatIsReloadableAndWarnsOfTheRest() throws IOException {
    write("dstore_keep_alive_timeout = 20\nnode_id = 2\n");
    signal("HUP");
    assertThat(node.calls).containsExactly("reload 20");
    signal("HUP");
    assertThat(log())
        .isEqualTo(
            """
            INFO raled: SIGHUP: reloading FILE
            WARNING raled: FILE:3: warning: node_id can't be changed while raled runs
            \t  detail: It was changed from 1 to 2. The new value needs a restart.
            INFO raled: reloaded: dstore_keep_alive_timeout: 10 to 20
            INFO raled: SIGHUP: reloading FILE
            WARNING raled: FILE:3: warning: node_id can't be changed while raled runs
            \t  detail: It was changed from 1 to 2. The new value needs a restart.
            INFO raled: reloaded: nothing changed
            """
                .replace("FILE", file.toString()));
  }

  @Test
  void aReloadWithAnErrorChangesNothing() throws IOException {
    Files.writeString(file, "node_id = x\ndstore_keep_alive_timeout = 20\n");
    signal("HUP");
    assertThat(node.calls).isEmpty();
    assertThat(log())
        .contains("ERROR raled: " + file + ":1: error: invalid value for node_id")
        .endsWith("ERROR raled: the configuration was not reloaded, the old one stays in force\n");
  }
}
