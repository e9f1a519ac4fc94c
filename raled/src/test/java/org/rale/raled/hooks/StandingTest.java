package org.rale.raled.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.replica.ClusterView;
import org.rale.wire.Identity;

/** What a hook is told of what the node knows. */
class StandingTest {
  private static final Membership MEMBERS =
      new Membership(
          List.of(
              new Member(1, "a", "10.0.0.1", 7400, 7401, 11, true),
              new Member(2, "b", "fd00::2", 7400, 7401, 12, true),
              new Member(3, "c", "10.0.0.3", 7400, 7401, 13, false)));

  private static Standing standing(long cluster, int self, int leader, long term) {
    return Standing.of(
        new ClusterView(new Identity(cluster, self, 7), MEMBERS, List.of(), leader, term));
  }

  @ParameterizedTest
  @CsvSource({
    "9, 1, 1, leader",
    "9, 2, 1, follower",
    "9, 2, -1, follower",
    "9, 3, 1, learner",
    "9, 4, 1, none",
    "0, 1, -1, none"
  })
  void theRole(long cluster, int self, int leader, String role) {
    assertThat(standing(cluster, self, leader, 5).variables()).containsEntry("RALE_ROLE", role);
  }

  @Test
  void theVariables() {
    assertThat(standing(9, 1, 2, 5).variables())
        .containsEntry("RALE_TERM", "5")
        .containsEntry("RALE_LEADER_ID", "2")
        .containsEntry("RALE_LEADER_NAME", "b")
        .containsEntry("RALE_LEADER_IP", "fd00::2")
        .containsEntry(
            "RALE_MEMBERS", "1:a:10.0.0.1:7400:7401 2:b:[fd00::2]:7400:7401 3:c:10.0.0.3:7400:7401")
        .containsEntry("RALE_VOTERS", "1 2")
        .containsEntry("RALE_LEARNERS", "3")
        .hasSize(8);
    assertThat(standing(9, 1, -1, 5).variables())
        .containsEntry("RALE_LEADER_ID", "-1")
        .containsEntry("RALE_LEADER_NAME", "")
        .containsEntry("RALE_LEADER_IP", "");
    assertThat(standing(9, 1, 1, 5).stopped().variables())
        .containsEntry("RALE_ROLE", "stopped")
        .containsEntry("RALE_LEADER_ID", "-1");
  }

  @Test
  void aTermIsNewsWhereThereIsALeader() {
    Standing one = standing(9, 1, 2, 5);
    assertThat(standing(9, 1, 2, 5).hasRoleOf(one)).isTrue();
    assertThat(standing(9, 1, 2, 6).hasRoleOf(one)).isFalse();
    assertThat(standing(9, 1, 1, 5).hasRoleOf(one)).isFalse();
    assertThat(standing(9, 1, -1, 6).hasRoleOf(one)).isFalse();
    assertThat(standing(9, 1, -1, 6).hasRoleOf(standing(9, 1, -1, 5))).isTrue();
    assertThat(one.stopped().hasRoleOf(one)).isFalse();
  }
}
