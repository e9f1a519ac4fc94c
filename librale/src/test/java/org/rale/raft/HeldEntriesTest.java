package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a leader keeps for a peer that is getting a snapshot. */
class HeldEntriesTest {
  @Test
  @DisplayName("a peer whose snapshot is installed catches up from the entries held for it")
  void noSecondSnapshot() {
    ScriptCluster cluster = new ScriptCluster();
    List<String> log = new ArrayList<>();
    for (String line :
        List.of(
            "memory 1500",
            "cluster 1 2 3",
            "node 1",
            "node 2",
            "node 3",
            "tick 1 10",
            "settle",
            "cut 3")) {
      cluster.run(line);
    }
    // 40 entries of 65 bytes: more than the 1,500 that stay, so node 3 needs a snapshot.
    for (int i = 0; i < 40; i++) {
      cluster.run("propose 1 a");
      cluster.run("settle");
    }
    cluster.run("join");
    while (log.stream().noneMatch(text -> text.contains("to 3"))) {
      log.addAll(cluster.run("tick 1 1"));
      log.addAll(cluster.run("deliver 1 2"));
      if (log.stream().noneMatch(text -> text.contains("to 3"))) {
        log.addAll(cluster.run("deliver"));
      }
    }
    // 50 entries while it is on its way: less than the four times 1,500 that are held for it.
    for (int i = 0; i < 50; i++) {
      log.addAll(cluster.run("propose 1 b"));
      log.addAll(cluster.run("deliver 1 2"));
      log.addAll(cluster.run("deliver 1 2"));
    }
    for (int i = 0; i < 10; i++) {
      log.addAll(cluster.run("settle"));
      log.addAll(cluster.run("tick 1 3"));
    }
    assertThat(log.stream().filter(text -> text.startsWith("1: snapshot at"))).hasSize(1);
  }
}
