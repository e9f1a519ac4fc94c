package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.raft.Denial;
import org.rale.raft.Entry;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.Identity;
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
    node.hear(2, heartbeatAnswer(node));
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
        new Identity(HandDriven.CLUSTER, 2, 102), new PeerMessage.ForwardReply(id, response));
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

  /** The values of the changes that were passed on to the node, in that order. */
  private static List<String> forwarded(HandDriven node, int to) {
    return node.forwards(to).stream()
        .map(forward -> ((Request.Change) forward.request()).command())
        .map(command -> ((StoreCommand.Put) command).value().toText())
        .toList();
  }

  private static void answersForward(HandDriven node, int number, Response response) {
    node.turn(reply(node.forwards(2).get(number).id(), response));
  }

  private static Response turnedAway() {
    return Response.Failed.of(ErrorCode.NO_LEADER, "no", "no");
  }

  private static ReplicaInput leads(int id, long term) {
    return HandDriven.heard(id, new Message.Heartbeat(term, 10, 0, 1));
  }

  @Test
  void what_was_held_and_parked_lets_those_behind_it_begin() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(get(1), put(2, "one"));
    node.turn(new ReplicaInput.LinkDown(2));
    long read = node.messages(2, Message.ReadIndexRequest.class).get(0).id();
    node.hear(2, new Message.ReadIndexResponse(2, read, 10));
    assertThat(node.answer(1)).as("the change begins, and finds no link").isNotNull();

    node.link(2);
    node.turn(new ReplicaInput.Tick());
    node.turn(get(3));
    answersForward(node, 0, new Response.Stored(11, 11, 1));
    assertThat(node.messages(2, Message.ReadIndexRequest.class)).hasSize(2);
  }

  @Test
  void a_change_does_not_overtake_one_that_waited_for_a_leader() {
    HandDriven node = HandDriven.inCluster();
    node.link(2);
    node.turn(put(1, "one"), put(2, "two"));
    node.turn(leads(2, 2), put(3, "three"));
    assertThat(forwarded(node, 2)).containsExactly("one", "two", "three");
  }

  @Test
  void a_change_does_not_overtake_one_that_another_leader_had() {
    HandDriven node = HandDriven.inCluster().following();
    node.link(3);
    node.turn(put(1, "one"));
    node.turn(leads(3, 3), put(2, "two"));
    assertThat(forwarded(node, 3)).containsExactly("one", "two");
  }

  @Test
  void a_change_does_not_overtake_one_that_waited_for_this_node_to_lead() {
    HandDriven node = HandDriven.inCluster();
    node.link(2);
    node.turn(put(1, "one"));
    while (node.messages(2, Message.PreVoteRequest.class).isEmpty()) {
      node.turn(new ReplicaInput.Tick());
    }
    node.hear(2, new Message.PreVoteResponse(1, 2, Denial.NONE));
    node.sync();
    node.turn(HandDriven.heard(2, new Message.VoteResponse(2, Denial.NONE, 101)), put(2, "two"));
    node.sync();
    node.hear(2, node.accepted(11));
    node.hear(2, node.accepted(13));
    assertThat(node.answer(1)).isEqualTo(new Response.Stored(12, 12, 1));
    assertThat(node.answer(2)).isEqualTo(new Response.Stored(13, 12, 2));
  }

  @Test
  void a_change_that_is_turned_away_waits_for_word_of_those_behind_it() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(put(1, "one"), put(2, "two"));
    answersForward(node, 0, turnedAway());
    node.turn(put(3, "three"));
    node.ticks(5);
    assertThat(forwarded(node, 2)).containsExactly("one", "two");

    answersForward(node, 1, turnedAway());
    node.ticks(5);
    assertThat(forwarded(node, 2)).containsExactly("one", "two", "one", "two", "three");
  }

  @Test
  void a_change_that_is_turned_away_when_one_behind_it_is_made_has_lost_its_place() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(put(1, "one"), put(2, "two"), put(3, "three"));
    answersForward(node, 0, turnedAway());
    answersForward(node, 1, new Response.Stored(11, 11, 1));
    assertThat(code(node, 1)).isEqualTo(ErrorCode.NO_LEADER);
    assertThat(String.valueOf(node.answer(1))).contains("this one was not made");
    assertThat(node.answer(2)).isEqualTo(new Response.Stored(11, 11, 1));
    assertThat(node.answer(3)).isNull();
    assertThat(forwarded(node, 2)).hasSize(3);
  }

  @Test
  void a_change_that_is_turned_away_when_one_behind_it_is_lost_has_lost_its_place() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(put(1, "one"), put(2, "two"));
    answersForward(node, 0, turnedAway());
    node.turn(new ReplicaInput.LinkBroke(2));
    assertThat(code(node, 1)).isEqualTo(ErrorCode.NO_LEADER);
    node.ticks(1);
    assertThat(forwarded(node, 2)).as("it may be in the log").containsExactly("one", "two", "two");
  }

  @Test
  void changes_that_a_leader_lost_are_tried_again_in_their_order() {
    HandDriven node = HandDriven.inCluster().following();
    node.link(3);
    node.turn(put(1, "one"), put(2, "two"));
    node.turn(leads(3, 3), put(3, "three"));
    assertThat(forwarded(node, 3)).containsExactly("one", "two", "three");
    assertThat(node.answers).isEmpty();
  }

  @Test
  void changes_of_another_node_stand_in_the_log_as_it_sent_them() {
    HandDriven node = leader();
    node.turn(new ReplicaInput.Submit(1, new Request.Transfer(2), 1_000));
    node.turn(forward(7, "one"));
    assertThat(node.messages(2, Message.TimeoutNow.class)).hasSize(1);
    while (node.answer(1) == null) {
      node.turn(new ReplicaInput.Tick(), HandDriven.heard(2, node.accepted(11)));
    }
    assertThat(node.replica().role()).isEqualTo("leader");
    node.turn(forward(8, "two"));
    node.ticks(2);
    assertThat(appended(node)).containsExactly("one", "two");
  }

  private static Message heartbeatAnswer(HandDriven node) {
    List<Message.Heartbeat> heartbeats = node.messages(2, Message.Heartbeat.class);
    return new Message.HeartbeatResponse(2, heartbeats.get(heartbeats.size() - 1).round(), -1);
  }

  /** The values of the entries that were sent to node 2, in their order. */
  private static List<String> appended(HandDriven node) {
    return node.messages(2, Message.AppendRequest.class).stream()
        .flatMap(append -> append.entries().stream())
        .filter(entry -> entry.payload() instanceof Payload.Command)
        .map(entry -> ((StoreCommand.Put) command(entry)).value().toText())
        .distinct()
        .toList();
  }

  private static StoreCommand command(Entry entry) {
    try {
      return StoreCodec.decode(((Payload.Command) entry.payload()).bytes());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static ReplicaInput forward(long id, String value) {
    Request put =
        new Request.Change(
            new StoreCommand.Put(
                new Origin(1, 1, id, 0, false, 0), Bytes.utf8("a"), Bytes.utf8(value)));
    return new ReplicaInput.FromPeer(
        new Identity(HandDriven.CLUSTER, 3, 103),
        new PeerMessage.Forward(id, CONNECTION, 0, 1_000, put));
  }

  @Test
  void a_read_sees_no_older_table_than_the_read_before_it() {
    HandDriven node = leader();
    node.turn(put(1, "one", 50), get(2));
    node.sync();
    confirm(node);
    node.ticks(6);
    assertThat(code(node, 1)).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);

    node.turn(get(3));
    confirm(node);
    assertThat(node.answer(2)).as("it waits for the change").isNull();
    assertThat(node.answer(3)).isNull();

    node.hear(2, node.accepted(12));
    assertThat(value(node, 2)).isEqualTo("one");
    assertThat(value(node, 3)).isEqualTo("one");
  }

  @Test
  void a_read_is_asked_anew_when_what_it_waits_for_may_be_in_no_log() {
    HandDriven node = leader();
    node.turn(put(1, "one", 50), get(2));
    node.sync();
    confirm(node);
    node.ticks(6);
    node.link(3);
    node.turn(leads(3, 3), get(3));
    assertThat(node.messages(3, Message.ReadIndexRequest.class)).hasSize(2);
  }

  @Test
  void word_of_a_read_at_a_follower_is_word_of_those_before_it() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(get(1), get(2), get(3));
    long second = node.messages(2, Message.ReadIndexRequest.class).get(1).id();
    node.hear(2, new Message.ReadIndexResponse(2, second, 10));
    assertThat(node.answers).extracting(HandDriven.Answer::token).containsExactly(1L, 2L);
  }

  @Test
  void reads_that_the_successor_asked_of_the_old_leader_are_asked_anew() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(get(1));
    node.hear(2, new Message.TimeoutNow(2));
    node.sync();
    node.hear(2, new Message.VoteResponse(3, Denial.NONE, 101));
    node.sync();
    Message.AppendResponse accepted =
        new Message.AppendResponse(3, node.sequence(2), true, 11, 0, 0, 11);
    node.hear(2, accepted);
    node.ticks(2);
    List<Message.Heartbeat> heartbeats = node.messages(2, Message.Heartbeat.class);
    node.hear(
        2, new Message.HeartbeatResponse(3, heartbeats.get(heartbeats.size() - 1).round(), -1));
    assertThat(code(node, 1)).isEqualTo(ErrorCode.KEY_NOT_FOUND);
  }

  @Test
  void a_change_is_not_tried_again_behind_one_that_was_made_meanwhile() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(put(1, "one"), put(2, "two"), get(3));
    answersForward(node, 1, new Response.Stored(11, 11, 1));
    node.turn();
    answersForward(node, 0, turnedAway());
    node.ticks(5);
    assertThat(code(node, 1)).isEqualTo(ErrorCode.NO_LEADER);
    assertThat(forwarded(node, 2)).containsExactly("one", "two");
  }

  @Test
  void changes_that_may_be_in_a_log_and_are_all_turned_away_are_tried_again() {
    HandDriven node = HandDriven.inCluster().following();
    node.link(3);
    node.turn(put(1, "one"), put(2, "two"), put(3, "three"));
    node.turn(leads(3, 3));
    List<ReplicaInput> answers = new ArrayList<>();
    for (PeerMessage.Forward forward : node.forwards(3)) {
      answers.add(
          new ReplicaInput.FromPeer(
              new Identity(HandDriven.CLUSTER, 3, 103),
              new PeerMessage.ForwardReply(forward.id(), turnedAway())));
    }
    node.turn(answers.toArray(ReplicaInput[]::new));
    node.ticks(5);
    assertThat(node.answers).isEmpty();
    assertThat(forwarded(node, 3)).containsExactly("one", "two", "three", "one", "two", "three");
  }

  @Test
  void a_change_that_may_be_in_a_log_is_not_tried_again_before_one_that_was_lost_since() {
    HandDriven node = HandDriven.inCluster().following();
    node.link(3);
    node.turn(put(1, "one"), put(2, "two"));
    node.turn(leads(3, 3));
    node.turn(
        new ReplicaInput.FromPeer(
            new Identity(HandDriven.CLUSTER, 3, 103),
            new PeerMessage.ForwardReply(node.forwards(3).get(0).id(), turnedAway())));
    node.turn(leads(2, 4));
    assertThat(code(node, 1)).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    assertThat(forwarded(node, 2)).containsExactly("one", "two", "two");
  }

  @Test
  void word_of_a_later_read_is_word_of_one_that_was_asked_again() {
    HandDriven node = leader();
    node.turn(new ReplicaInput.Submit(1, new Request.Transfer(2), 1_000));
    node.turn(put(2, "mine"), get(3));
    node.ticks(1);
    node.hear(2, heartbeatAnswer(node));
    assertThat(node.answer(3)).isNull();
    while (node.answer(1) == null) {
      node.turn(new ReplicaInput.Tick(), HandDriven.heard(2, node.accepted(11)));
    }
    node.ticks(1);
    node.turn(get(4));
    node.sync();
    node.hear(2, node.accepted(12));
    confirm(node);
    assertThat(value(node, 3)).isEqualTo("mine");
    assertThat(value(node, 4)).isEqualTo("mine");
    assertThat(node.answers.stream().map(HandDriven.Answer::token).filter(token -> token > 1))
        .containsExactly(2L, 3L, 4L);
  }
}
