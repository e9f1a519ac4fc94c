package org.rale.raled;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rale.RaleConfig.Founder;
import org.rale.raft.Member;
import org.rale.raft.Membership;

class ListedMembersTest {
  private static final Membership KNOWN =
      new Membership(
          List.of(
              new Member(1, "node1", "10.0.0.1", 7400, 7401, 11, true),
              new Member(2, "node2", "10.0.0.2", 7400, 7401, 12, true),
              new Member(3, "node3", "::1", 7400, 7401, 13, false)));

  private static final Founder ONE = new Founder(1, "node1", "10.0.0.1", 7400, 7401);
  private static final Founder TWO = new Founder(2, "node2", "10.0.0.2", 7400, 7401);
  private static final Founder THREE = new Founder(3, "node3", "::1", 7400, 7401);

  @Test
  void theSameMembersInAnotherOrderAreNoDifference() {
    assertThat(ListedMembers.warning(List.of(THREE, ONE, TWO), KNOWN)).isEmpty();
  }

  @Test
  void withoutAListOrAClusterThereIsNothingToCompare() {
    assertThat(ListedMembers.warning(List.of(), KNOWN)).isEmpty();
    assertThat(ListedMembers.warning(List.of(ONE), new Membership(List.of()))).isEmpty();
  }

  @Test
  void everyDifferenceIsToldAndWhichOfTheTwoCounts() {
    Founder moved = new Founder(2, "node2", "10.0.0.2", 7400, 7409);
    Founder renamed = new Founder(1, "one", "10.0.0.1", 7400, 7401);
    Founder fourth = new Founder(4, "node4", "10.0.0.4", 7400, 7401);
    assertThat(ListedMembers.warning(List.of(renamed, moved, fourth), KNOWN))
        .contains(
            "cluster_members differs from cluster.db, which counts: node 1 is node1 at 10.0.0.1"
                + " ports 7400 and 7401, and listed as one at 10.0.0.1 ports 7400 and 7401; node 2"
                + " is node2 at 10.0.0.2 ports 7400 and 7401, and listed as node2 at 10.0.0.2 ports"
                + " 7400 and 7409; node 4 is listed, and is no member; node 3 is a member, and not"
                + " listed. Correct the list; ADD and REMOVE change the members");
  }
}
