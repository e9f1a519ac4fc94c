package org.rale.raled;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rale.RaleConfig.Founder;
import org.rale.raft.Member;
import org.rale.raft.Membership;

class OwnEntryTest {
  private static final Membership KNOWN =
      new Membership(List.of(new Member(1, "node1", "db1.example", 7400, 7401, 11, true)));

  @Test
  void anotherNameOfTheHostIsNoDifference() {
    assertThat(OwnEntry.warning(new Founder(1, "node1", "10.0.0.1", 7400, 7401), KNOWN)).isEmpty();
  }

  @Test
  void whoIsNoMemberHasNothingToCompare() {
    assertThat(OwnEntry.warning(new Founder(2, "x", "10.0.0.2", 1, 2), KNOWN)).isEmpty();
    assertThat(OwnEntry.warning(new Founder(1, "x", "10.0.0.1", 1, 2), Membership.NONE)).isEmpty();
  }

  @Test
  void anotherNodesDataDirectoryIsNoticed() {
    assertThat(OwnEntry.warning(new Founder(1, "other", "10.0.0.1", 8400, 7401), KNOWN))
        .contains(
            "the cluster knows node 1 as node1 with ports 7400 and 7401, and the configuration has"
                + " other with 8400 and 7401: is this its own data directory? To change name or"
                + " ports, REMOVE the node and ADD it again");
  }
}
