package org.rale.raled.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.request.Request;

/** What a connection may have under way beside others. */
final class WindowTest {
  private static final Request GET = new Request.Get(Bytes.utf8("a"), false);
  private static final int SHORT = 10;

  private final Window window = new Window();

  /** A connection that asks as much as it may. */
  private static final class Greedy {
    final Window.Part part;
    int underWay;

    Greedy(Window window) {
      part = window.new Part();
    }

    void asks(int most) {
      for (int i = 0; i < most && part.hasRoom(); i++) {
        part.begin(GET, SHORT);
        underWay++;
      }
    }

    void hears(int answers) {
      for (int i = 0; i < answers && underWay > 0; i++) {
        part.end(GET, SHORT);
        underWay--;
      }
    }
  }

  private List<Greedy> greedy(int count) {
    List<Greedy> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new Greedy(window));
    }
    return all;
  }

  /** Answers come in turn, and make room for more. */
  private static void goOn(List<Greedy> all, int rounds) {
    for (int round = 0; round < rounds; round++) {
      for (Greedy each : all) {
        each.hears(5);
        each.asks(Integer.MAX_VALUE);
      }
    }
  }

  @Test
  void oneAloneHasHalf() {
    Greedy only = new Greedy(window);
    only.asks(Integer.MAX_VALUE);
    assertThat(only.underWay).isEqualTo(Window.SIZE / 2);
  }

  @Test
  @DisplayName("S-16 those that flood come to have equal parts, and one part stays free")
  void S_16_equalParts() {
    for (int count : new int[] {1, 2, 4, 9}) {
      List<Greedy> all = greedy(count);
      all.forEach(each -> each.asks(Integer.MAX_VALUE));
      goOn(all, 1_000);
      int part = Window.SIZE / (count + 1);
      assertThat(all).allSatisfy(each -> assertThat(each.underWay).isBetween(part - 5, part + 5));
      Greedy light = new Greedy(window);
      light.asks(16);
      assertThat(light.underWay).isEqualTo(16);
      light.hears(16);
      all.forEach(each -> each.hears(Integer.MAX_VALUE));
    }
  }

  @Test
  void thoseThatAskForLittleCostAFloodNoMoreThanTheyTake() {
    List<Greedy> light = greedy(100);
    light.forEach(each -> each.asks(1));
    Greedy flood = new Greedy(window);
    flood.asks(Integer.MAX_VALUE);
    assertThat(flood.underWay).isEqualTo((Window.SIZE - 100) / 2);
  }

  @Test
  void oneIsUnderWayAlways() {
    List<Greedy> all = greedy(2 * Window.SIZE);
    all.forEach(each -> each.asks(3));
    assertThat(all).allSatisfy(each -> assertThat(each.underWay).isPositive());
    Greedy late = new Greedy(window);
    late.asks(3);
    assertThat(late.underWay).isEqualTo(1);
  }

  @Test
  void aLongLineWeighsMore() {
    Window.Part part = window.new Part();
    int lines = 0;
    while (part.hasRoom()) {
      part.begin(GET, 16 * Window.UNIT_BYTES);
      lines++;
    }
    assertThat(lines).isEqualTo(Window.SIZE / 2 / 17 + 1);
    Greedy other = new Greedy(window);
    other.asks(Integer.MAX_VALUE);
    assertThat(other.underWay).isBetween(100, Window.SIZE / 4);
  }

  @Test
  void whoOnlyWaitsForNewsTakesNothing() {
    Window.Part part = window.new Part();
    Request watch = new Request.WatchLeader(1, 1);
    for (int i = 0; i < Window.SIZE; i++) {
      part.begin(watch, SHORT);
    }
    Greedy other = new Greedy(window);
    other.asks(Integer.MAX_VALUE);
    assertThat(other.underWay).isEqualTo(Window.SIZE / 2);
    for (int i = 0; i < Window.SIZE; i++) {
      part.end(watch, SHORT);
    }
    other.hears(Integer.MAX_VALUE);
    other.asks(Integer.MAX_VALUE);
    assertThat(other.underWay).isEqualTo(Window.SIZE / 2);
  }

  @Test
  @DisplayName("S-16 lines of a flood wait unread, and those of another client do not")
  void S_16_aFloodWaitsUnread() {
    TestClient flood = new TestClient(window);
    TestClient light = new TestClient(window);
    flood.say("GET a\n".repeat(Window.SIZE));
    assertThat(flood.node.submitted).isEqualTo(Window.SIZE / 2);
    assertThat(flood.isReadFrom()).isFalse();

    light.say("GET b\n".repeat(16));
    assertThat(light.node.submitted).isEqualTo(16);
    answer(flood, 8);
    assertThat(flood.node.submitted).as("the other one has 16").isEqualTo(Window.SIZE / 2);
    answer(flood, 1);
    assertThat(flood.node.submitted).isEqualTo(Window.SIZE / 2 + 1);
  }

  private static void answer(TestClient client, int count) {
    for (int i = 0; i < count; i++) {
      client.node.pending.remove(0).value("v");
    }
    client.channel.runPendingTasks();
  }

  @Test
  void oneThatIsGoneCountsUntilItsRequestsAreAnswered() {
    TestClient flood = new TestClient(window);
    flood.say("GET a\n".repeat(Window.SIZE));
    flood.channel.close();
    Greedy other = new Greedy(window);
    other.asks(Integer.MAX_VALUE);
    assertThat(other.underWay).isEqualTo(Window.SIZE / 4);
    List.copyOf(flood.node.pending).forEach(each -> each.value("v"));
    other.hears(Integer.MAX_VALUE);
    other.asks(Integer.MAX_VALUE);
    assertThat(other.underWay).isEqualTo(Window.SIZE / 2);
  }

  /** Nothing of its own is answered for long: a cluster without a leader, and a patient client. */
  @Test
  void roomThatOthersLeftIsFoundAtTheNextLook() {
    List<Greedy> others = greedy(3 * Window.SIZE);
    others.forEach(each -> each.asks(1));
    TestClient client = new TestClient(window);
    client.say("GET a\nGET a\n");
    assertThat(client.node.submitted).isEqualTo(1);
    client.pass(ClientLimits.STALL_LOOK_MS);
    assertThat(client.node.submitted).isEqualTo(1);
    others.forEach(each -> each.hears(1));
    client.pass(ClientLimits.STALL_LOOK_MS);
    assertThat(client.channel.isOpen()).isTrue();
    assertThat(client.node.submitted).isEqualTo(2);
    assertThat(client.isReadFrom()).isTrue();
  }
}
