package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.raft.Entry;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.PeerMessage;

/** Changes and reads of one connection, under way together. */
final class PipelineTest {
  private static final long CONNECTION = 7;

  private static ReplicaInput put(long token, String value) {
    return put(token, value, 1_000);
  }

  private static ReplicaInput put(long token, String value, int timeoutMs) {
    Request put =
        new Request.Change(new StoreCommand.Put(Origin.NONE, Bytes.utf8("a"), Bytes.utf8(value)));
    return new ReplicaInput.Submit(token, CONNECTION, put, timeoutMs);
  }

  private static ReplicaInput get(long token) {
    return new ReplicaInput.Submit(
        token, CONNECTION, new Request.Get(Bytes.utf8("a"), false), 1_000);
  }

  private static ReplicaInput readInTransaction(long token) {
    Request txn =
        new Request.Change(
            new StoreCommand.Txn(
                Origin.NONE, List.of(), List.of(new TxnOp.Get(Bytes.utf8("a"))), List.of()));
    return new ReplicaInput.Submit(token, CONNECTION, txn, 1_000);
  }

  private static HandDriven leader() {
    HandDriven node = HandDriven.inCluster().leading();
    node.sync();
    return node;
  }

  /** A majority says that node 1 leads. */
  private static void confirm(HandDriven node) {
    node.ticks(2);
    List<Message.Heartbeat> heartbeats = node.messages(2, Message.Heartbeat.class);
    Message.Heartbeat last = heartbeats.get(heartbeats.size() - 1);
    node.hear(2, new Message.HeartbeatResponse(2, last.round(), -1));
  }

  private static String value(HandDriven node, long token) {
    Response answer = node.answer(token);
    return answer instanceof Response.Value value ? value.value().toText() : "" + answer;
  }

  private static ErrorCode code(HandDriven node, long token) {
    return node.answer(token) instanceof Response.Failed failed ? failed.code() : null;
  }

  @Test
  void a_read_sees_the_changes_before_it_and_none_behind_it() {
    HandDriven node = leader();
    node.turn(get(1), put(2, "one"), get(3), put(4, "two"), readInTransaction(5), get(6));
    node.sync();
    assertThat(node.answers).isEmpty();

    node.hear(2, node.accepted(13));
    assertThat(node.answers)
        .as("entries that were appended behind a read confirm it")
        .extracting(HandDriven.Answer::token)
        .containsExactly(1L, 2L, 3L, 4L);
    assertThat(code(node, 1)).isEqualTo(ErrorCode.KEY_NOT_FOUND);
    assertThat(value(node, 3)).isEqualTo("one");

    confirm(node);
    assertThat(node.answer(5)).asString().contains(Bytes.utf8("two").toString());
    assertThat(value(node, 6)).isEqualTo("two");
  }

  @Test
  void a_confirmed_read_waits_for_the_change_before_it() {
    HandDriven node = leader();
    node.turn(put(1, "one"), get(2));
    confirm(node);
    assertThat(node.answers).isEmpty();

    node.sync();
    node.hear(2, node.accepted(12));
    assertThat(value(node, 2)).isEqualTo("one");
  }

  @Test
  void other_connections_do_not_wait() {
    HandDriven node = leader();
    node.turn(put(1, "one"));
    node.turn(
        new ReplicaInput.Submit(2, 8, new Request.Get(Bytes.utf8("a"), false), 1_000),
        new ReplicaInput.Submit(3, new Request.Get(Bytes.utf8("a"), false), 1_000));
    confirm(node);
    assertThat(code(node, 2)).isEqualTo(ErrorCode.KEY_NOT_FOUND);
    assertThat(code(node, 3)).isEqualTo(ErrorCode.KEY_NOT_FOUND);
  }

  @Test
  void at_a_follower_they_take_turns() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(put(1, "one"), get(2), put(3, "two"), get(4));
    assertThat(node.forwards(2)).hasSize(1);
    assertThat(node.messages(2, Message.ReadIndexRequest.class)).isEmpty();

    node.turn(reply(node.forwards(2).get(0).id(), new Response.Stored(12, 12, 1)));
    assertThat(node.forwards(2)).as("the change behind the read waits for it").hasSize(1);
    long read = node.messages(2, Message.ReadIndexRequest.class).get(0).id();
    node.hear(2, new Message.ReadIndexResponse(2, read, 10));
    node.turn();
    assertThat(node.answer(2)).isNotNull();
    assertThat(node.forwards(2)).hasSize(2);
    assertThat(node.messages(2, Message.ReadIndexRequest.class)).hasSize(1);
  }

  private static ReplicaInput reply(long id, Response response) {
    return new ReplicaInput.FromPeer(
        new org.rale.wire.Identity(HandDriven.CLUSTER, 2, 102),
        new PeerMessage.ForwardReply(id, response));
  }

  @Test
  void what_is_held_has_its_time_as_well() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(put(1, "one", 3_000), get(2));
    for (int i = 0; i < 105; i++) {
      node.turn(
          new ReplicaInput.Tick(), HandDriven.heard(2, new Message.Heartbeat(2, 10, 0, i + 2)));
    }
    assertThat(code(node, 2)).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(node.answer(1)).isNull();
  }

  @Test
  void a_read_whose_place_is_lost_is_told_so() {
    HandDriven node = leader();
    node.turn(put(1, "one"), get(2), put(3, "two"), get(4));
    node.sync();
    node.link(3);
    node.hear(3, new Message.Heartbeat(3, 10, 0, 1));
    assertThat(code(node, 2)).isEqualTo(ErrorCode.NO_LEADER);
    assertThat(String.valueOf(node.answer(2))).contains("sent behind this read");
    assertThat(node.answers).extracting(HandDriven.Answer::token).containsExactly(2L);
  }

  @Test
  void a_read_does_not_take_the_entry_of_another_leader_for_the_change_before_it() {
    HandDriven node = leader();
    node.turn(put(1, "one"), get(2));
    confirm(node);
    node.sync();

    Entry other = new Entry(12, 3, new Payload.Empty());
    node.hear(3, new Message.AppendRequest(3, 1, 11, 2, 12, List.of(other)));
    node.sync();
    node.hear(3, new Message.AppendRequest(3, 2, 12, 3, 12, List.of()));
    assertThat(node.replica().raftStatus().appliedIndex()).isEqualTo(12);
    assertThat(node.answers).isEmpty();
    assertThat(node.forwards(3)).as("the change is tried again, the read waits").hasSize(1);
    assertThat(node.messages(3, Message.ReadIndexRequest.class)).isEmpty();
  }

  @Test
  void a_read_before_a_change_that_got_out_of_sight_is_told_so() {
    HandDriven node = leader();
    node.turn(get(1), put(2, "one", 50));
    node.sync();
    node.ticks(6);
    assertThat(code(node, 2)).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    assertThat(code(node, 1)).isEqualTo(ErrorCode.NO_LEADER);
  }
}
