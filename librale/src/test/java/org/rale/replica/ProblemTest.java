package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.raft.Membership;
import org.rale.request.ErrorCode;
import org.rale.request.PathInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.Handshake;
import org.rale.wire.Identity;

/** What a person reads who looks at a node that is not well. */
final class ProblemTest {
  private static final String MISSING =
      "2 of 3 voters must be online and only node 1 is;"
          + " no link to node 2: connection refused (10.0.0.2:7401); no link to node 3";

  private static @Nullable String problem(HandDriven node) {
    var fields = node.replica().status().fields();
    String last =
        fields.get(fields.size() - 1).name().equals("problem")
            ? fields.get(fields.size() - 1).value()
            : null;
    assertThat(fields.stream().filter(field -> field.name().equals("problem")).count())
        .isEqualTo(last == null ? 0 : 1);
    return last;
  }

  private static HandDriven alone() {
    HandDriven node = HandDriven.inCluster();
    node.turn(new ReplicaInput.LinkFailed(2, "connection refused (10.0.0.2:7401)"));
    return node;
  }

  @Test
  void whereAllIsWellThereIsNone() {
    assertThat(problem(HandDriven.inCluster().leading())).isNull();
    assertThat(problem(HandDriven.inCluster().following())).isNull();
  }

  @Test
  void itNamesTheQuorumThatIsMissingAndWhy() {
    assertThat(problem(alone())).isEqualTo("no quorum: " + MISSING);
  }

  @Test
  void whereItWasTakenInAndHeardNothingSinceItSaysThat() {
    assertThat(problem(HandDriven.inCluster(Membership.NONE)))
        .isEqualTo(
            "no quorum: node 1 was taken into a cluster and has heard nothing of its members yet");
  }

  @Test
  void whereEnoughAreOnlyNotYetElectedItSaysThat() {
    HandDriven node = alone();
    node.link(2);
    assertThat(problem(node))
        .isEqualTo("no leader: enough voters are linked and an election should follow at once");
  }

  @Test
  @DisplayName("a voter that stands still has a link for a while, and nothing comes over it")
  void whoIsLinkedAndSilentIsNamed() {
    HandDriven node = alone();
    node.link(2);
    node.paths.put(2, PathInfo.of(PathInfo.Use.TCP, 1_349));
    node.paths.put(3, PathInfo.of(PathInfo.Use.NONE, 9_000));
    assertThat(problem(node))
        .isEqualTo("no leader: enough voters are linked; node 2 was last heard 1349 ms ago");
    long token = node.submit(new Request.Get(Bytes.utf8("k"), false));
    node.ticks(HandDriven.PATIENCE + 1);
    assertThat(node.answer(token))
        .isEqualTo(
            new Response.Failed(
                ErrorCode.NO_LEADER,
                "no leader",
                "enough voters are linked; node 2 was last heard 1349 ms ago",
                "try again in a moment",
                0));
  }

  @Test
  void ofFiveSeveralMayBeThere() {
    Membership five = HandDriven.THREE.with(HandDriven.member(4)).with(HandDriven.member(5));
    HandDriven node = HandDriven.inCluster(five);
    node.link(4);
    assertThat(problem(node))
        .isEqualTo(
            "no quorum: 3 of 5 voters must be online and only nodes 1 and 4 are;"
                + " no link to node 2; no link to node 3; no link to node 5");
  }

  @Test
  @DisplayName("a leader that hears nobody says so to who waits, before its term ends and after")
  void clientsAreToldTheSame() {
    HandDriven node = alone();
    long token = node.submit(new Request.Get(Bytes.utf8("k"), false));
    node.ticks(HandDriven.PATIENCE + 1);
    assertThat(node.answer(token))
        .isEqualTo(
            new Response.Failed(
                ErrorCode.NO_LEADER,
                "no leader",
                MISSING,
                "start the others, or check the network between them",
                0));

    HandDriven leader = HandDriven.inCluster().leading();
    leader.turn(new ReplicaInput.LinkDown(2), new ReplicaInput.LinkDown(3));
    long put = leader.put("k", "v", Origin.NONE);
    leader.ticks(HandDriven.PATIENCE + 1);
    assertThat(leader.answer(put))
        .isInstanceOfSatisfying(
            Response.Failed.class,
            failed ->
                assertThat(failed.message())
                    .isEqualTo(
                        "outcome unknown: PUT of k may have happened: no majority confirmed it in"
                            + " time: 2 of 3 voters must be online and only node 1 is; no link to"
                            + " node 2; no link to node 3"));
  }

  @Test
  void aReasonWithCommasAndLinesIsOneField() {
    HandDriven node = HandDriven.inCluster().following();
    String reason = "node 1 is known with another cluster.db, and may\nhave forgotten a vote";
    node.turn(
        new ReplicaInput.LinkDown(2),
        new ReplicaInput.LinkRefused(
            2,
            new Handshake.Refused(
                new Identity(HandDriven.CLUSTER, 2, 102),
                Handshake.Refusal.OTHER_INCARNATION,
                reason)));
    assertThat(problem(node))
        .isEqualTo(
            "no link to the leader node 2: node 1 is known with another cluster.db and may have"
                + " forgotten a vote; it is heard by datagrams alone and only LOCAL reads are"
                + " answered here");
  }

  @Test
  void aNodeInNoClusterSaysWhatToDo() {
    assertThat(problem(HandDriven.inNoCluster()))
        .startsWith("node 1 is in no cluster; ")
        .contains("ADD")
        .doesNotContain(",");
    HandDriven founder = HandDriven.founder();
    founder.link(2, 0);
    assertThat(problem(founder)).contains("missing nodes of cluster_members: node 3 at 10.0.0.3");
  }

  @Test
  void aFullDiskSaysWhatToDo() {
    HandDriven node = HandDriven.inCluster().leading();
    node.put("k", "v", Origin.NONE);
    node.turn(new ReplicaInput.DiskFull("No space left on device"));
    assertThat(problem(node)).startsWith("the disk is full: node 1 acknowledges nothing");
  }
}
