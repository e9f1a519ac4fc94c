package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.accepted;
import static org.rale.raft.Node.append;
import static org.rale.raft.Node.entry;
import static org.rale.raft.Node.node;
import static org.rale.raft.Node.refused;
import static org.rale.raft.Node.send;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a follower does with entries and heartbeats. */
class AppendTest {

  @Test
  @DisplayName("figure 2, AppendEntries receiver 1: reply false if term < currentTerm")
  void oldLeaderIsRefused() {
    Node node = node(1, 1, 2, 3).log(1, 3).start();
    assertThat(node.receive(2, append(2, 5, 1, 1, 0, entry(2, 2))))
        .containsExactly(send(2, refused(3, 5, 1, 0, 0, 0)));
    assertThat(node.raft().termAt(2)).isEqualTo(3);
  }

  @Test
  @DisplayName(
      "figure 2, AppendEntries receiver 2: reply false if the log lacks the previous entry")
  void gapIsRefused() {
    Node node = node(1, 1, 2, 3).log(1, 1).following(2);
    assertThat(node.receive(2, append(1, 5, 7, 1, 0)))
        .containsExactly(send(2, refused(1, 5, 7, 2, 1, 2)));
  }

  @Test
  @DisplayName(
      "figure 2, AppendEntries receiver 2: reply false if the previous entry's term differs")
  void conflictIsRefused() {
    Node node = node(1, 1, 2, 3).log(1, 1, 2, 2, 2).term(4).following(2);
    assertThat(node.receive(2, append(4, 5, 5, 3, 0)))
        .containsExactly(send(2, refused(4, 5, 5, 5, 2, 5)));
    assertThat(node.receive(2, append(4, 6, 4, 1, 0)))
        .containsExactly(send(2, refused(4, 6, 4, 2, 1, 5)));
  }

  @Test
  @DisplayName("figure 2, AppendEntries receiver 3: a conflicting entry and all behind it go")
  void conflictIsCut() {
    Node node = node(1, 1, 2, 3).log(1, 2, 2, 2).term(3).following(2);
    Entry fresh = entry(2, 3);
    assertThat(node.receive(2, append(3, 5, 1, 1, 0, fresh)))
        .containsExactly(
            new Effect.Persist(
                1, null, List.of(fresh), 0, List.of(new Effect.Send(2, accepted(3, 5, 2, 2)))));
  }

  @Test
  @DisplayName("S-07 figure 2, AppendEntries receiver 4: a late, short request cuts nothing")
  void lateRequestCutsNothing() {
    Node node = node(1, 1, 2, 3).log(1, 1, 1).following(2);
    assertThat(node.receive(2, append(1, 5, 1, 1, 0, entry(2, 1))))
        .containsExactly(send(2, accepted(1, 5, 2, 3)));
    assertThat(node.status().lastIndex()).isEqualTo(3);
  }

  @Test
  @DisplayName(
      "S-07 figure 2, AppendEntries receiver 5: commit = min(leaderCommit, last new entry)")
  void commitGoesNoFurtherThanProven() {
    Node node = node(1, 1, 2, 3).log(1, 1, 1).term(2).following(2);
    node.receive(2, append(2, 5, 1, 1, 3));
    assertThat(node.status().commitIndex()).isEqualTo(1);
    node.receive(2, append(2, 6, 2, 1, 3));
    assertThat(node.status().commitIndex()).isEqualTo(2);
  }

  @Test
  @DisplayName("S-07 a heartbeat commits nothing that is not proven in its term")
  void heartbeatCommitsWhatIsProven() {
    Node node = node(1, 1, 2, 3).log(1, 1, 1).term(2).following(2);
    node.receive(2, new Message.Heartbeat(2, 3, 0, 1));
    assertThat(node.status().commitIndex()).isZero();
    node.receive(2, append(2, 5, 2, 1, 0));
    node.receive(2, new Message.Heartbeat(2, 3, 0, 1));
    assertThat(node.status().commitIndex()).isEqualTo(2);
    node.receive(3, new Message.Heartbeat(3, 3, 0, 1));
    assertThat(node.status().commitIndex()).isEqualTo(2);
  }

  @Test
  @DisplayName("S-07 what a leader of an older term has proven, the next one has not")
  void provenIsOfOneTerm() {
    Node node = node(1, 1, 2, 3).term(1).following(2);
    node.receive(2, append(1, 5, 0, 0, 0, entry(1, 1), entry(2, 1), entry(3, 1)));
    node.receive(3, append(2, 6, 1, 1, 0));
    node.receive(3, new Message.Heartbeat(2, 3, 0, 1));
    assertThat(node.status().commitIndex()).isEqualTo(1);
  }

  @Test
  @DisplayName("a heartbeat is answered at once, with its round")
  void heartbeatIsAnswered() {
    Node node = node(1, 1, 2, 3).term(1).following(2);
    assertThat(node.receive(2, new Message.Heartbeat(1, 0, 6, 1)))
        .containsExactly(send(2, new Message.HeartbeatResponse(1, 6, -1)));
  }

  @Test
  @DisplayName("an old leader's heartbeat is answered with the term, so that it steps down")
  void oldHeartbeat() {
    Node node = node(1, 1, 2, 3).term(4).start();
    assertThat(node.receive(2, new Message.Heartbeat(3, 0, 6, 1)))
        .containsExactly(send(2, new Message.HeartbeatResponse(4, 0, -1)));
  }

  @Test
  @DisplayName("what lies below the commit index is taken as it is, and only the rest is compared")
  void requestAcrossTheCommitIndex() {
    Node node = node(1, 1, 2, 3).snapshot(3, 1).log(1).following(2);
    assertThat(node.receive(2, append(1, 5, 0, 0, 3, entry(1, 1), entry(2, 1))))
        .containsExactly(send(2, accepted(1, 5, 2, 4)));
    node.receive(2, append(1, 6, 1, 1, 3, entry(2, 1), entry(3, 1), entry(4, 1), entry(5, 1)));
    assertThat(node.status().lastIndex()).isEqualTo(5);
  }

  @Test
  @DisplayName("S-07 a doubled request is answered twice and changes nothing the second time")
  void doubledRequest() {
    Node node = node(1, 1, 2, 3).term(1).following(2);
    Message.AppendRequest request = append(1, 5, 0, 0, 0, entry(1, 1));
    node.receive(2, request);
    node.sync();
    assertThat(node.receive(2, request)).containsExactly(send(2, accepted(1, 5, 1, 1)));
  }
}
