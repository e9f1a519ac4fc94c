package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.TIMEOUT;
import static org.rale.raft.Node.node;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What people read of an election, in the logs of those who had a part in it. */
class ElectionWordsTest {

  private static List<String> read(Node node) {
    List<String> lines =
        node.notes().stream()
            .filter(event -> event.level() != Event.Level.DEBUG)
            .map(Event::text)
            .toList();
    node.notes().clear();
    return lines;
  }

  private static Node silenced() {
    Node node = node(2, 1, 2, 3).term(4).following(1);
    for (int beat = 0; beat < 2 * Silences.ENOUGH; beat++) {
      node.ticks(3);
      node.receive(1, new Message.Heartbeat(4, 0, 0, beat + 2));
    }
    read(node);
    node.ticks(TIMEOUT);
    return node;
  }

  @Test
  void whoWasSilentHowLongWhoAskedAndWhoAnswered() {
    Node node = silenced();
    assertThat(read(node))
        .containsExactly(
            "node 1, leader of term 4, not heard for 100 ms (30 ms at most before); asking whether"
                + " node 2 would be elected in term 5");
    node.receive(3, new Message.PreVoteResponse(4, 5, Denial.NONE));
    node.sync();
    node.receive(3, new Message.VoteResponse(5, Denial.NONE, 0));
    assertThat(read(node))
        .containsExactly(
            "asking for votes in term 5: 2 of 3 voters (nodes 2, 3) would elect node 2",
            "node 2 leads term 5 from index 1, elected by 2 of 3 voters (nodes 2, 3)");
  }

  @Test
  void whyNobodyWasElectedIsSaidOnce() {
    Node node = silenced();
    read(node);
    node.receive(3, new Message.PreVoteResponse(4, 5, Denial.LEADER_HEARD));
    node.ticks(TIMEOUT);
    String why =
        "not elected: node 1 did not answer, node 3 hears a leader; asking whether node 2 would be"
            + " elected in term 5";
    assertThat(read(node)).containsExactly(why);
    node.receive(3, new Message.PreVoteResponse(4, 5, Denial.LEADER_HEARD));
    node.ticks(TIMEOUT);
    assertThat(read(node)).as("the same again").isEmpty();
    node.receive(3, new Message.PreVoteResponse(4, 5, Denial.LOG_BEHIND));
    node.ticks(TIMEOUT);
    assertThat(read(node)).hasSize(1).first().asString().contains("node 3 has entries that");
  }

  @Test
  void theVoterSaysForWhom() {
    Node node = node(3, 1, 2, 3).term(4).following(1);
    read(node);
    node.ticks(TIMEOUT - 1);
    node.receive(2, new Message.VoteRequest(5, 0, 0, true, 0));
    node.receive(2, new Message.Heartbeat(5, 0, 0, 1));
    assertThat(read(node))
        .containsExactly(
            "voting for node 2 in term 5: the leader hands over to it",
            "following node 2 in term 5");
  }
}
