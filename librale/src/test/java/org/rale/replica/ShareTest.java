package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Message;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/** Who floods is held while others ask for little; nobody else is, and nothing for ever. */
final class ShareTest {
  private static final int MEMORY = 20;

  private long lines;
  private long tick;
  private final Share share = new Share(ShareLimits.DEFAULT, MEMORY);

  /** A pipeline that always wants so much. */
  private final class Asker {
    final Share.Part part = share.part(new Line(0, ++lines));
    final int wants;
    int begun;

    Asker(int wants) {
      this.wants = wants;
      goOn();
    }

    void goOn() {
      part.asks(wants);
      while (begun < wants && part.admits()) {
        part.begins();
        begun++;
      }
    }

    /** All are answered, and no more come. */
    void leaves() {
      while (begun > 0) {
        part.rests();
        begun--;
      }
      part.close();
    }

    /** So many are answered, and as many come. */
    void hears(int answers) {
      for (int i = 0; i < answers && begun > 0; i++) {
        part.rests();
        begun--;
        part.asks(wants);
        part.answered();
      }
      goOn();
    }
  }

  private List<Asker> askers(int count, int wants) {
    List<Asker> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new Asker(wants));
    }
    return all;
  }

  private static int begun(List<Asker> all) {
    return all.stream().mapToInt(each -> each.begun).sum();
  }

  private static void goOn(List<Asker> all, int turns) {
    for (int turn = 0; turn < turns; turn++) {
      all.forEach(each -> each.hears(5));
    }
  }

  @Test
  void nobody_is_held_among_those_who_ask_alike() {
    for (int[] each : new int[][] {{1, 500}, {20, 500}, {500, 1}}) {
      List<Asker> all = askers(each[0], each[1]);
      goOn(all, 100);
      assertThat(begun(all)).isEqualTo(each[0] * each[1]);
      all.forEach(asker -> asker.hears(0));
      all.forEach(Asker::leaves);
      share.tick(++tick * MEMORY);
    }
  }

  @Test
  @DisplayName("S-16 those that flood share a part while somebody asks for little")
  void S_16_a_flood_is_held_beside_others() {
    List<Asker> floods = askers(4, 500);
    Asker little = new Asker(16);
    for (int turn = 0; turn < 500; turn++) {
      little.hears(1);
      goOn(floods, 1);
    }
    assertThat(little.begun).isEqualTo(16);
    assertThat(begun(floods)).isBetween(22, 30);
    assertThat(floods).allSatisfy(each -> assertThat(each.begun).isBetween(5, 8));

    share.tick(MEMORY - 1);
    goOn(floods, 1);
    assertThat(begun(floods)).isLessThan(40);
    share.tick(MEMORY);
    goOn(floods, 1);
    assertThat(begun(floods)).as("nobody else has asked for a while").isEqualTo(4 * 500);
  }

  @Test
  void one_of_each_may_begin_always() {
    Asker little = new Asker(1);
    little.hears(1);
    List<Asker> floods = askers(50, 500);
    assertThat(floods).allSatisfy(each -> assertThat(each.begun).isPositive());
    goOn(floods, 200);
    assertThat(floods).allSatisfy(each -> assertThat(each.begun).isPositive());
    assertThat(begun(floods)).isLessThan(100);
  }

  @Test
  void what_is_little_depends_on_how_many_ask() {
    List<Asker> crowd = askers(100, 5);
    Asker one = new Asker(1);
    for (int turn = 0; turn < 100; turn++) {
      one.hears(1);
      goOn(crowd, 1);
    }
    assertThat(begun(crowd)).isEqualTo(100);

    crowd.forEach(Asker::leaves);
    Asker another = new Asker(32);
    assertThat(another.begun).isEqualTo(32);
  }

  @Test
  void nobody_is_held_for_what_was_its_own() {
    Line line = new Line(0, 1_000);
    Share.Part single = share.part(line);
    single.asks(1);
    single.begins();
    single.rests();
    single.answered();
    single.close();

    Share.Part burst = share.part(line);
    burst.asks(500);
    for (int i = 0; i < 500; i++) {
      assertThat(burst.admits()).isTrue();
      burst.begins();
    }
    new Asker(1).hears(1);
    assertThat(burst.admits()).as("another one").isFalse();
  }

  @Test
  void the_end_of_a_burst_is_no_little() {
    Share.Part burst = share.part(new Line(0, 1_000));
    burst.asks(33);
    burst.asks(1);
    burst.answered();
    Asker flood = new Asker(500);
    assertThat(flood.begun).isEqualTo(500);
    share.answeredAlone();
    flood.hears(500);
    assertThat(flood.begun).isEqualTo(ShareLimits.DEFAULT.together() / 2);
  }

  @Test
  void a_flood_that_is_answered_by_the_batch_stays_one() {
    Line line = new Line(0, 1_000);
    Share.Part batch = share.part(line);
    batch.asks(500);
    batch.close();
    share.tick(MEMORY - 1);
    Share.Part next = share.part(line);
    next.asks(1);
    next.answered();
    next.close();
    assertThat(new Asker(500).begun).as("nobody asked for little").isEqualTo(500);

    share.tick(MEMORY);
    Share.Part later = share.part(line);
    later.asks(1);
    later.answered();
    Asker flood = new Asker(500);
    assertThat(flood.begun).as("by now it did").isLessThan(500);
  }

  @Test
  void a_lone_change_is_little_and_a_backup_is_nothing() {
    HandDriven node = HandDriven.inCluster().leading();
    node.sync();
    node.turn(new ReplicaInput.Submit(1, new Request.Backup(true), 1_000));
    assertThat(node.answer(1)).isInstanceOf(Response.BackupBegun.class);
    node.turn(flood(2, 48));
    assertThat(lastIndex(node)).as("it waits for nobody's changes").isEqualTo(11 + 48);

    HandDriven other = HandDriven.inCluster().leading();
    other.sync();
    other.put("a", "b", Origin.NONE);
    other.sync();
    other.hear(2, other.accepted(12));
    other.turn(flood(2, 48));
    assertThat(lastIndex(other)).isEqualTo(12 + 32);
  }

  private static ReplicaInput put(long token, long connection, String key) {
    Request put =
        new Request.Change(
            new StoreCommand.Put(Origin.NONE, Bytes.utf8(key), Bytes.utf8("" + token)));
    return new ReplicaInput.Submit(token, connection, put, 1_000);
  }

  private static ReplicaInput[] flood(int connection, int many) {
    ReplicaInput[] all = new ReplicaInput[many];
    for (int i = 0; i < many; i++) {
      all[i] = put(connection * 1_000L + i, connection, "flood");
    }
    return all;
  }

  private static long lastIndex(HandDriven node) {
    return node.replica().raftStatus().lastIndex();
  }

  @Test
  @DisplayName("S-16 a leader's log takes a few of a flood beside others, and in the end all")
  void S_16_at_the_leader() {
    HandDriven node = leaderBesideLittle();
    assertThat(node.answer(1)).isInstanceOf(Response.Stored.class);

    node.turn(flood(2, 80));
    assertThat(lastIndex(node)).isEqualTo(12 + 32);
    node.turn(put(2, 1, "little"));
    assertThat(lastIndex(node)).as("it stands in front of most of them").isEqualTo(45);
    node.sync();
    node.hear(2, node.accepted(44));
    assertThat(lastIndex(node)).as("half of the share for one alone").isEqualTo(45 + 16);

    while (node.answers.size() < 82) {
      int before = node.answers.size();
      node.sync();
      node.hear(2, node.accepted(lastIndex(node)));
      assertThat(node.answers).hasSizeGreaterThan(before);
    }
    assertThat(node.answers)
        .allSatisfy(each -> assertThat(each.response()).isInstanceOf(Response.Stored.class));
    assertThat(node.answers.stream().map(HandDriven.Answer::token).filter(each -> each >= 1_000))
        .isSorted();
  }

  @Test
  void those_that_flood_take_turns() {
    HandDriven node = leaderBesideLittle();
    node.turn(flood(2, 48));
    node.turn(flood(3, 48));
    for (int batch = 0; batch < 2; batch++) {
      node.turn(put(100 + batch, 1, "little"));
      node.sync();
      node.hear(2, node.accepted(lastIndex(node)));
    }
    assertThat(answersFrom(node, 2_000)).as("32 before it was a flood").isBetween(40L, 44L);
    assertThat(answersFrom(node, 3_000)).as("the same").isBetween(40L, 44L);
  }

  private static long answersFrom(HandDriven node, long token) {
    return node.answers.stream()
        .filter(each -> each.token() >= token && each.token() < token + 1_000)
        .count();
  }

  /** Node 3 passes on a request of its client. */
  private static ReplicaInput forward(long id, long connection) {
    Request put =
        new Request.Change(
            new StoreCommand.Put(
                new Origin(1, 1, id + 1, 0, false, 0), Bytes.utf8("a"), Bytes.utf8("b")));
    return new ReplicaInput.FromPeer(
        new Identity(HandDriven.CLUSTER, 3, 103),
        new PeerMessage.Forward(id, connection, 0, 1_000, put));
  }

  private static HandDriven leaderBesideLittle() {
    HandDriven node = HandDriven.inCluster().leading();
    node.sync();
    node.turn(put(1, 1, "little"));
    node.sync();
    node.hear(2, node.accepted(12));
    return node;
  }

  @Test
  @DisplayName("S-16 and so is what another node passes on for one that floods there")
  void S_16_of_another_node() {
    HandDriven node = leaderBesideLittle();
    for (int i = 0; i < 80; i++) {
      node.turn(forward(i, 9));
    }
    assertThat(lastIndex(node)).isEqualTo(12 + 32);
    node.turn(forward(80, 10));
    assertThat(lastIndex(node)).as("another client there").isEqualTo(12 + 33);

    node.hear(2, new Message.Heartbeat(3, 10, 0, 1));
    List<PeerMessage> told =
        node.sent.stream().filter(each -> each.to() == 3).map(HandDriven.Sent::message).toList();
    assertThat(told.stream().filter(PeerMessage.ForwardLost.class::isInstance)).hasSize(33);
    assertThat(told.stream().filter(PeerMessage.ForwardReply.class::isInstance))
        .as("those that had not begun were not made")
        .hasSize(48);
  }

  @Test
  void many_who_ask_another_node_for_little_are_no_flood() {
    HandDriven node = leaderBesideLittle();
    for (int i = 0; i < 80; i++) {
      node.turn(forward(i, 100 + i));
    }
    assertThat(lastIndex(node)).isEqualTo(12 + 80);
  }

  /** Whatever version its link spoke, for no checksum covers that. */
  @Test
  void what_a_node_names_no_connection_of_is_one_line() {
    for (int version = HandshakeCodec.CONNECTIONS_SINCE - 1;
        version <= HandshakeCodec.VERSION;
        version++) {
      HandDriven node = HandDriven.inCluster().leading();
      node.turn(new ReplicaInput.LinkUp(new Identity(HandDriven.CLUSTER, 3, 103), 1, version));
      node.sync();
      node.turn(put(1, 1, "little"));
      node.sync();
      node.hear(2, node.accepted(12));
      for (int i = 0; i < 80; i++) {
        node.turn(forward(i, 0));
      }
      assertThat(lastIndex(node)).isEqualTo(12 + 32);
    }
  }

  @Test
  void what_is_held_until_its_time_is_up_was_not_made() {
    HandDriven node = leaderBesideLittle();
    node.turn(flood(2, 80));
    for (int i = 0; node.answers.size() < 81 && i < 200; i++) {
      node.turn(new ReplicaInput.Tick(), HandDriven.heard(2, node.accepted(12)));
    }
    assertThat(node.answers.subList(1, 81).stream().map(each -> code(each.response())))
        .filteredOn(ErrorCode.UNKNOWN_OUTCOME::equals)
        .hasSize(32);
    assertThat(node.answers.subList(1, 81).stream().map(each -> code(each.response())))
        .filteredOn(ErrorCode.NO_LEADER::equals)
        .hasSize(48);
  }

  private static ErrorCode code(Response response) {
    return ((Response.Failed) response).code();
  }

  @Test
  void at_a_follower_a_few_go_to_the_leader() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(put(1, 1, "little"));
    node.turn(
        new ReplicaInput.FromPeer(
            new Identity(HandDriven.CLUSTER, 2, 102),
            new PeerMessage.ForwardReply(
                node.forwards(2).get(0).id(), new Response.Stored(12, 12, 1))));
    node.turn(flood(2, 80));
    assertThat(node.forwards(2)).hasSize(1 + 32);
  }
}
