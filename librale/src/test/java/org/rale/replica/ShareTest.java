package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/** Who floods is held while others ask for little; nobody else is, and nothing for ever. */
final class ShareTest {
  private static final int MEMORY = 20;

  private final Share share = new Share(ShareLimits.DEFAULT, MEMORY);

  /** A pipeline that always wants so much. */
  private final class Asker {
    final Share.Part part = share.part();
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
    assertThat(begun(askers(1, 500))).isEqualTo(500);
    assertThat(begun(askers(20, 500))).isEqualTo(20 * 500);
    assertThat(begun(askers(500, 1))).isEqualTo(500);
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

    crowd.forEach(each -> each.part.close());
    Asker another = new Asker(32);
    assertThat(another.begun).isEqualTo(32);
  }

  @Test
  void who_asked_for_much_asks_for_little_a_while_later() {
    Share.Part burst = share.part();
    burst.asks(33);
    burst.begins();
    burst.rests();
    burst.asks(1);
    burst.answered();
    Asker flood = new Asker(500);
    assertThat(flood.begun).as("the end of the burst was no little").isEqualTo(500);

    share.tick(MEMORY);
    burst.asks(1);
    burst.answered();
    flood.hears(500);
    assertThat(flood.begun).isEqualTo(ShareLimits.DEFAULT.together() / 2);
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
      all[i] = put(1_000 + i, connection, "flood");
    }
    return all;
  }

  private static long lastIndex(HandDriven node) {
    return node.replica().raftStatus().lastIndex();
  }

  @Test
  @DisplayName("S-16 a leader's log takes a few of a flood beside others, and in the end all")
  void S_16_at_the_leader() {
    HandDriven node = HandDriven.inCluster().leading();
    node.sync();
    node.turn(put(1, 1, "little"));
    node.sync();
    node.hear(2, node.accepted(12));
    assertThat(node.answer(1)).isInstanceOf(Response.Stored.class);

    node.turn(flood(2, 80));
    assertThat(lastIndex(node)).isEqualTo(12 + 32);
    node.turn(put(2, 1, "little"));
    assertThat(lastIndex(node)).as("it stands in front of most of them").isEqualTo(45);

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
  @DisplayName("S-16 and so is what another node passes on for those that flood there")
  void S_16_of_another_node() {
    HandDriven node = HandDriven.inCluster().leading();
    node.sync();
    node.turn(put(1, 1, "little"));
    node.sync();
    node.hear(2, node.accepted(12));
    for (int i = 0; i < 80; i++) {
      Request put =
          new Request.Change(
              new StoreCommand.Put(
                  new Origin(1, 1, i + 1, 0, false, 0), Bytes.utf8("a"), Bytes.utf8("b")));
      node.turn(
          new ReplicaInput.FromPeer(
              new Identity(HandDriven.CLUSTER, 3, 103), new PeerMessage.Forward(i, 1_000, put)));
    }
    assertThat(lastIndex(node)).isEqualTo(12 + 32);
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
