package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.node;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two nodes of three ask for pre-votes at the same time; the third one is dead. */
class TogetherTest {
  private final ScriptCluster cluster = new ScriptCluster();
  private final List<String> said = new ArrayList<>();

  private void run(String... lines) {
    for (String line : lines) {
      said.addAll(cluster.run(line));
    }
  }

  private void bothAsk() {
    run("cluster 1 2 3", "node 1", "node 2", "node 3", "cut 3", "tick 1 10", "tick 2 10");
  }

  @Test
  @DisplayName("one gives way at once, and the votes are not split")
  void oneGivesWay() {
    bothAsk();
    run("settle");
    assertThat(said)
        .contains(
            "1: asking for votes in term 1: 2 of 3 voters (nodes 1, 2) would elect node 1",
            "2: voting for node 1 in term 1")
        .noneMatch(line -> line.startsWith("2: asking for votes"));
    assertThat(cluster.run("status").get(0)).startsWith("1: leader term 1");
  }

  @Test
  @DisplayName("the one that gives way does it whoever's question comes first")
  void inEitherOrder() {
    bothAsk();
    run("deliver 1 2", "settle");
    assertThat(cluster.run("status").get(0)).startsWith("1: leader term 1");
  }

  private static Denial answerTo(Node node, int from) {
    Message.PreVoteRequest request =
        new Message.PreVoteRequest(0, 1, node.status().lastIndex(), node.status().lastTerm());
    return Node.messages(node.receive(from, request), Message.PreVoteResponse.class)
        .get(0)
        .denial();
  }

  private static Node asking(int id) {
    Node node = node(id, 1, 2, 3).start();
    node.ticks(Node.TIMEOUT);
    assertThat(node.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
    return node;
  }

  @Test
  void theOneWithTheHigherIdAsksNoMore() {
    Node node = asking(2);
    assertThat(answerTo(node, 1)).isEqualTo(Denial.NONE);
    assertThat(node.raft().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName("S-10 nobody gives way to one that is no voter: it may ask for ever")
  void notToAStranger() {
    Node node = node(5, 5, 6, 7).start();
    node.ticks(Node.TIMEOUT);
    answerTo(node, 1);
    assertThat(node.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @Test
  @DisplayName("the other is turned down once only: it may be the one that reaches a majority")
  void onceOnly() {
    Node node = asking(1);
    assertThat(answerTo(node, 2)).isEqualTo(Denial.VOTED_OTHER);
    node.ticks(Node.TIMEOUT);
    assertThat(node.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
    assertThat(answerTo(node, 2)).isEqualTo(Denial.NONE);
  }

  @Test
  @DisplayName("one that has said no to this node is not asked again, and so is not turned down")
  void notWhereItSaidNo() {
    Node node = asking(1);
    node.receive(2, new Message.PreVoteResponse(0, 1, Denial.LEADER_HEARD));
    assertThat(answerTo(node, 2)).isEqualTo(Denial.NONE);
  }
}
