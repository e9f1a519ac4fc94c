package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

final class JoiningTest {
  @Test
  @DisplayName("S-15 an ADD that gives up leaves a learner that was there before it, and says so")
  void learner_from_before_stays() {
    Member third = HandDriven.member(3);
    Member learner =
        new Member(
            third.id(),
            third.name(),
            third.host(),
            third.ralePort(),
            third.dstorePort(),
            103,
            false);
    Membership members =
        new Membership(List.of(HandDriven.member(1), HandDriven.member(2), learner));
    HandDriven node = HandDriven.inCluster(members).leading();

    Request add =
        new Request.Add(
            third.id(), third.name(), third.host(), third.ralePort(), third.dstorePort());
    node.turn(new ReplicaInput.Submit(1, add, 100));
    for (int i = 0; i < 12; i++) {
      node.turn(new ReplicaInput.Tick());
    }
    node.sync();

    assertThat(node.answers)
        .singleElement()
        .extracting(answer -> ((Response.Failed) answer.response()).code())
        .isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    assertThat(node.replica().raftStatus().membership()).isEqualTo(members);
  }
}
