package org.rale.raled.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rale.settings.Problem;

class ReloadTest {

  private static NodeConfig config(String text) {
    return ConfigReader.parse("n.conf", text, Map.of()).config().orElseThrow();
  }

  @Test
  void nothingChangedWhereOnlyTheWritingDid() {
    NodeConfig old = config("max_size = 1024\nraled_log_level = INFO");
    Reload reload = Reload.between(old, config("max_size = 1kB\nnode_id = 1"));
    assertThat(reload.changed()).isEmpty();
    assertThat(reload.needRestart()).isEmpty();
  }

  @Test
  void reloadableKeysAreTakenAndOthersStay() {
    NodeConfig old = config("node_id = 2\nlog_level = debug\nnode_priority = 3");
    NodeConfig read = config("node_id = 3\ndstore_keep_alive_timeout = 20\nsocket_path = /tmp/x\n");
    Reload reload = Reload.between(old, read);
    assertThat(reload.changed())
        .containsExactly("dstore_keep_alive_timeout: 10 to 20", "raled_log_level: debug to info");
    assertThat(reload.needRestart().stream().map(Problem::render))
        .containsExactly(
            """
            n.conf:1: warning: node_id can't be changed while raled runs
              detail: It was changed from 2 to 3. The new value needs a restart.\
            """,
            """
            n.conf:3: warning: node_priority can't be changed while raled runs
              detail: It was changed from 3 to 1. The new value needs a restart.\
            """,
            """
            n.conf:3: warning: communication_socket can't be changed while raled runs
              detail: It was changed from /tmp/rale_<rale_port>.sock to /tmp/x. The new value\
             needs a restart.\
            """);
    assertThat(reload.config().nodeId()).isEqualTo(2);
    assertThat(reload.config().nodePriority()).isEqualTo(3);
    assertThat(reload.config().keepAlive().timeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(reload.config().logging().raled().level()).isEqualTo(LogLevel.INFO);
  }

  @Test
  void everyKeyThatIsReloadableIsTaken() {
    String changed =
        """
        dstore_keep_alive_interval = 6
        dstore_keep_alive_timeout = 11
        log_directory = l
        on_role_change = a
        on_membership_change = b
        hook_timeout = 31
        """;
    for (String log : new String[] {"raled", "dstore", "comm"}) {
      changed +=
          """
          LOG_log_destination = stderr
          LOG_log_file = f
          LOG_log_level = debug
          LOG_log_rotation_size = 11
          LOG_log_rotation_age = 8
          """
              .replace("LOG", log);
    }
    NodeConfig read = config(changed);
    Reload reload = Reload.between(config(""), read);
    assertThat(reload.needRestart()).isEmpty();
    assertThat(reload.changed()).hasSize(21);
    assertThat(reload.config()).isEqualTo(read);
  }
}
