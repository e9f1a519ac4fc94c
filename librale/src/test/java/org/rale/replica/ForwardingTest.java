package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Message;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;
import org.rale.wire.PeerMessage.Forward;
import org.rale.wire.PeerMessage.ForwardLost;
import org.rale.wire.PeerMessage.ForwardReply;

/** Requests that node 1 passes on to a leader, and those that others pass on to it. */
final class ForwardingTest {
  private static final Bytes LONG = Bytes.wrap(new byte[1 << 20]);
  private static final Response STORED = new Response.Stored(12, 12, 1);
  private static final Failed FORGOTTEN =
      Failed.of(ErrorCode.UNKNOWN_OUTCOME, "what became of it has been forgotten");

  private static Request put(String key, Bytes value) {
    return new Request.Change(new StoreCommand.Put(Origin.NONE, Bytes.utf8(key), value));
  }

  private static ReplicaInput from(int node, PeerMessage message) {
    return new ReplicaInput.FromPeer(new Identity(HandDriven.CLUSTER, node, 100 + node), message);
  }

  private static Origin origin(Forward forward) {
    return ((Request.Change) forward.request()).command().origin();
  }

  private static ErrorCode code(Response response) {
    return response instanceof Failed failed ? failed.code() : null;
  }

  /** Node 3 leads term 3 from now on. */
  private static void followThree(HandDriven node) {
    node.link(3);
    node.hear(3, new Message.Heartbeat(3, 10, 0, 1));
    node.sync();
  }

  @Test
  @DisplayName("S-15 a change that its leader lost sight of is tried again with the next one")
  void lost_and_retried() {
    HandDriven node = HandDriven.inCluster().following();
    long client = node.put("k", "v", Origin.NONE);
    Forward first = node.forwards(2).get(0);
    assertThat(origin(first).retry()).isFalse();

    node.turn(from(2, new ForwardLost(first.id())));
    assertThat(node.answer(client)).isNull();

    followThree(node);
    Forward second = node.forwards(3).get(0);
    assertThat(origin(second)).isEqualTo(origin(first).asRetry());
    node.turn(from(3, new ForwardReply(second.id(), STORED)));
    assertThat(node.answer(client)).isEqualTo(STORED);
  }

  @Test
  void what_has_no_connection_is_one_for_itself_at_the_leader() {
    HandDriven node = HandDriven.inCluster().following();
    node.put("a", "1", Origin.NONE);
    node.put("b", "2", Origin.NONE);
    assertThat(node.forwards(2))
        .hasSize(2)
        .allSatisfy(each -> assertThat(each.connection()).isEqualTo(each.id()));
  }

  @Test
  @DisplayName("S-15 the client's own id, sequence and since go along with every attempt")
  void own_origin() {
    HandDriven node = HandDriven.inCluster().following();
    Origin own = new Origin(5, 6, 7, 3, false, 9);
    node.put("k", "v", own);

    node.turn(from(2, new ForwardLost(node.forwards(2).get(0).id())));
    followThree(node);

    assertThat(origin(node.forwards(2).get(0))).isEqualTo(own);
    assertThat(origin(node.forwards(3).get(0))).isEqualTo(new Origin(5, 6, 7, 3, true, 9));
  }

  @Test
  @DisplayName("S-15 a lost change is an unknown outcome when time has run out, and not before")
  void lost_until_the_end() {
    HandDriven node = HandDriven.inCluster().following();
    long client = node.put("k", "v", Origin.NONE);
    node.turn(from(2, new ForwardLost(node.forwards(2).get(0).id())));

    node.ticks(HandDriven.PATIENCE - 1);
    assertThat(node.answer(client)).isNull();
    node.ticks(1);
    assertThat(code(node.answer(client))).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
  }

  @Test
  @DisplayName("S-15 an outcome that the table has forgotten is told at once, and tried no more")
  void forgotten() {
    HandDriven node = HandDriven.inCluster().following();
    long client = node.put("k", "v", Origin.NONE);

    node.turn(from(2, new ForwardReply(node.forwards(2).get(0).id(), FORGOTTEN)));

    assertThat(node.answer(client)).isEqualTo(FORGOTTEN);
  }

  @Test
  @DisplayName("S-15 no room at the next leader makes no unknown outcome while time is left")
  void lost_then_overloaded() {
    HandDriven node = HandDriven.inCluster().following();
    long client = node.put("k", "v", Origin.NONE);
    node.turn(from(2, new ForwardLost(node.forwards(2).get(0).id())));
    followThree(node);

    Failed full = Failed.of(ErrorCode.OVERLOADED, "too much waits");
    node.turn(from(3, new ForwardReply(node.forwards(3).get(0).id(), full)));
    assertThat(node.answer(client)).isNull();
    assertThat(node.forwards(3)).hasSize(1);
    // It rests before it comes again.
    node.ticks(2);
    assertThat(node.forwards(3)).hasSize(2);
    node.turn(from(3, new ForwardReply(node.forwards(3).get(1).id(), STORED)));
    assertThat(node.answer(client)).isEqualTo(STORED);
  }

  @Test
  void no_room_is_a_certain_answer_for_a_change_that_was_never_lost() {
    HandDriven node = HandDriven.inCluster().following();
    long client = node.put("k", "v", Origin.NONE);
    Failed full = Failed.of(ErrorCode.OVERLOADED, "too much waits");

    node.turn(from(2, new ForwardReply(node.forwards(2).get(0).id(), full)));

    assertThat(node.answer(client)).isEqualTo(full);
  }

  @Test
  @DisplayName("S-15 a leader that steps down says of a change in its log that it lost sight of it")
  void leader_steps_down() {
    HandDriven leader = HandDriven.inCluster().leading();
    leader.turn(from(2, new Forward(77, 0, 0, 1000, put("k", Bytes.utf8("v")))));

    followThree(leader);

    assertThat(leader.sent).contains(new HandDriven.Sent(2, new ForwardLost(77)));
    assertThat(leader.sent).noneMatch(each -> each.message() instanceof ForwardReply);
  }

  @Test
  void a_node_that_does_not_lead_says_so_of_a_change_that_it_never_took() {
    HandDriven node = HandDriven.inCluster().following();

    node.turn(from(3, new Forward(78, 0, 0, 1000, put("k", Bytes.utf8("v")))));

    assertThat(node.sent)
        .filteredOn(each -> each.message() instanceof ForwardReply)
        .singleElement()
        .matches(each -> code(((ForwardReply) each.message()).response()) == ErrorCode.NO_LEADER);
  }

  @Test
  @DisplayName("S-15 a change that no majority confirmed in time is lost for the node that asked")
  void leader_without_majority() {
    HandDriven leader = HandDriven.inCluster().leading();
    leader.turn(from(2, new Forward(79, 0, 0, 20, put("k", Bytes.utf8("v")))));

    leader.ticks(2);

    assertThat(leader.sent).contains(new HandDriven.Sent(2, new ForwardLost(79)));
  }

  @Test
  @DisplayName("S-16 no more is passed on at once than the link holds, the rest stands in line")
  void window() {
    HandDriven node = HandDriven.inCluster().following();
    List<Long> clients =
        IntStream.range(0, 20).mapToObj(i -> node.submit(put("k" + i, LONG))).toList();
    int atOnce = (int) (Forwards.WINDOW_BYTES >> 20) - 1;
    assertThat(node.forwards(2)).hasSize(atOnce);

    // A short one that comes later goes no earlier.
    node.submit(put("last", Bytes.utf8("v")));
    assertThat(node.forwards(2)).hasSize(atOnce);
    for (int i = 0; i < 20; i++) {
      node.turn(from(2, new ForwardReply(node.forwards(2).get(i).id(), STORED)));
    }

    assertThat(clients).allMatch(client -> STORED.equals(node.answer(client)));
    assertThat(node.forwards(2))
        .extracting(
            each ->
                ((StoreCommand.OfKey) ((Request.Change) each.request()).command()).key().toText())
        .containsExactlyElementsOf(
            IntStream.rangeClosed(0, 20).mapToObj(i -> i == 20 ? "last" : "k" + i).toList());
  }

  @Test
  @DisplayName("S-15 what stood in line when time ran out did not happen")
  void in_line_until_the_end() {
    HandDriven node = HandDriven.inCluster().following();
    int atOnce = (int) (Forwards.WINDOW_BYTES >> 20) - 1;
    List<Long> clients =
        IntStream.range(0, 12).mapToObj(i -> node.submit(put("k" + i, LONG))).toList();

    // The leader is heard all the time, and answers no request.
    for (int i = 0; i < HandDriven.PATIENCE; i++) {
      node.turn(new ReplicaInput.Tick(), HandDriven.heard(2, new Message.Heartbeat(2, 10, 0, 1)));
    }

    assertThat(clients.subList(0, atOnce))
        .allMatch(client -> code(node.answer(client)) == ErrorCode.UNKNOWN_OUTCOME);
    assertThat(clients.subList(atOnce, 12))
        .allMatch(client -> code(node.answer(client)) == ErrorCode.TIMEOUT);
    assertThat(node.forwards(2)).hasSize(atOnce);
  }

  @Test
  void a_broken_link_and_another_leader_end_the_line() {
    HandDriven node = HandDriven.inCluster().following();
    for (int i = 0; i < 12; i++) {
      node.submit(put("k" + i, LONG));
    }
    node.turn(new ReplicaInput.LinkDown(2));
    assertThat(node.answers).isEmpty();

    followThree(node);

    List<Forward> again = node.forwards(3);
    assertThat(again).hasSize((int) (Forwards.WINDOW_BYTES >> 20) - 1);
    assertThat(again).allMatch(each -> origin(each).retry());
    again.forEach(each -> node.turn(from(3, new ForwardReply(each.id(), STORED))));
    // Those that stood in line were never sent: they are no retries.
    assertThat(node.forwards(3)).hasSize(12);
    assertThat(node.forwards(3).subList(again.size(), 12)).noneMatch(each -> origin(each).retry());
  }

  @Test
  @DisplayName("S-16 what went over a link that broke is sent again over the one that stands")
  void one_of_two_links_broke() {
    HandDriven node = HandDriven.inCluster().following();
    for (int i = 0; i < 12; i++) {
      node.submit(put("k" + i, LONG));
    }
    int atOnce = (int) (Forwards.WINDOW_BYTES >> 20) - 1;

    node.turn(new ReplicaInput.LinkBroke(2));
    node.ticks(1);

    List<Forward> first = node.forwards(2).subList(0, atOnce);
    List<Forward> again = node.forwards(2).subList(atOnce, node.forwards(2).size());
    assertThat(again).hasSize(atOnce);
    for (int i = 0; i < atOnce; i++) {
      assertThat(origin(again.get(i))).isEqualTo(origin(first.get(i)).asRetry());
    }
  }

  @Test
  @DisplayName("S-16 what found no room on the link is sent later, and was never in doubt")
  void dropped() {
    HandDriven node = HandDriven.inCluster().following();
    node.put("k", "v", Origin.NONE);
    Forward first = node.forwards(2).get(0);

    node.turn(new ReplicaInput.ForwardDropped(2, first.id()));
    assertThat(node.forwards(2)).hasSize(1);
    node.ticks(2);

    assertThat(node.forwards(2)).hasSize(2);
    assertThat(origin(node.forwards(2).get(1))).isEqualTo(origin(first));
  }

  @Test
  @DisplayName("S-16 without a leader a bounded number of bytes waits, and each has its answer")
  void no_leader() {
    HandDriven node = HandDriven.inCluster();
    List<Long> clients =
        IntStream.range(0, 90).mapToObj(i -> node.submit(put("k" + i, LONG))).toList();
    long waiting = clients.stream().filter(client -> node.answer(client) == null).count();
    assertThat(waiting << 20)
        .isBetween(HandDriven.MAX_OPERATION_BYTES / 2, HandDriven.MAX_OPERATION_BYTES * 7 / 8);
    assertThat(node.answers).hasSize(90 - (int) waiting);
    assertThat(node.answers).allMatch(each -> code(each.response()) == ErrorCode.OVERLOADED);

    // A short one still finds room.
    long small = node.submit(put("small", Bytes.utf8("v")));
    assertThat(node.answer(small)).isNull();

    node.ticks(HandDriven.PATIENCE);
    assertThat(code(node.answer(small))).isEqualTo(ErrorCode.NO_LEADER);
    assertThat(node.answers).hasSize(91);
    assertThat(node.answer(node.submit(put("again", LONG)))).isNull();
  }

  @Test
  @DisplayName("S-16 requests under way are bounded in number")
  void number() {
    HandDriven node = HandDriven.inCluster();
    List<Long> clients =
        IntStream.range(0, 101).mapToObj(i -> node.submit(put("k" + i, Bytes.utf8("v")))).toList();
    assertThat(node.answers).hasSize(1);
    assertThat(code(node.answer(clients.get(100)))).isEqualTo(ErrorCode.OVERLOADED);
  }
}
