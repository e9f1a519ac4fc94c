package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A data directory that is on two machines. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CopyIT {
  @TempDir Path home;

  @Test
  @DisplayName("S-06 a copied data directory is refused by the members, and its log says why")
  void copied() throws Exception {
    try (Cluster cluster = Cluster.formed(home);
        Daemon copy = new Daemon(Files.createDirectories(home.resolve("c")), 2)) {
      Daemon original = cluster.node(2);
      original.kill9();
      Files.createDirectories(copy.data());
      Files.copy(original.clusterDb(), copy.clusterDb());
      original.start();
      Daemon leader = cluster.leader();
      String term = leader.status().get("term");
      Until.holds("node 2 is back", () -> original.says("leader_id", "" + leader.id));

      copy.start();
      Until.holds(
          "the copy knows",
          () -> copy.log().contains("another process runs as node 2 with the same"));

      assertThat(original.ask("PUT k v")).isEqualTo("OK: v");
      assertThat(copy.ask("GET k LOCAL")).isEqualTo("ERROR: key not found: k");
      assertThat(copy.status()).containsEntry("state", "no_leader").containsEntry("term", term);

      // Alone now, it is linked, and found to have forgotten what node 2 had acknowledged.
      original.kill9();
      Until.holds(
          "the leader refuses an old copy",
          () -> leader.log().contains("an old copy of its cluster.db was put back"));
      assertThat(leader.status()).containsEntry("term", term);
    }
  }
}
