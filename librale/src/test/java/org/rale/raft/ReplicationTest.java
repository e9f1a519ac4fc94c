package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.accepted;
import static org.rale.raft.Node.append;
import static org.rale.raft.Node.empty;
import static org.rale.raft.Node.member;
import static org.rale.raft.Node.node;
import static org.rale.raft.Node.refused;
import static org.rale.raft.Node.send;
import static org.rale.raft.Node.voters;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a leader sends, and what it believes of the answers. */
class ReplicationTest {

  @Test
  @DisplayName("figure 2, Leaders 1: upon election a heartbeat and an append go to each server")
  void electionIsAnnounced() {
    Node node = node(1, 1, 2, 3).log(1).candidate();
    List<Effect> effects = node.receive(2, new Message.VoteResponse(2, Denial.NONE, 0));
    assertThat(effects)
        .containsExactly(
            new Effect.Persist(2, null, List.of(empty(2, 2)), 0, List.of()),
            send(2, new Message.Heartbeat(2, 0, 0, 1)),
            send(2, append(2, 1, 1, 1, 0, empty(2, 2))),
            send(3, new Message.Heartbeat(2, 0, 0, 1)),
            send(3, append(2, 2, 1, 1, 0, empty(2, 2))));
  }

  @Test
  @DisplayName("figure 2, Leaders 1: repeated during idle periods to prevent election timeouts")
  void idleLeaderIsHeard() {
    Node leader = replicating();
    assertThat(leader.ticks(Node.HEARTBEAT - 1)).isEmpty();
    List<Effect> effects = leader.ticks(1);
    assertThat(Node.messages(effects, Message.Heartbeat.class)).hasSize(2);
    assertThat(Node.messages(effects, Message.AppendRequest.class)).hasSize(2);
  }

  @Test
  @DisplayName(
      "figure 2, Leaders 3: if last log index >= nextIndex, entries from nextIndex are sent")
  void newEntriesAreSent() {
    Node leader = replicating();
    List<Effect> effects = leader.propose("x");
    List<Message.AppendRequest> requests = Node.messages(effects, Message.AppendRequest.class);
    assertThat(requests).hasSize(2);
    assertThat(requests.get(0).prevIndex()).isEqualTo(1);
    assertThat(requests.get(0).entries()).extracting(Entry::index).containsExactly(2L);
  }

  @Test
  @DisplayName("figure 2, Leaders 3.1: if successful, nextIndex and matchIndex are updated")
  void successRaisesMatch() {
    Node leader = replicating();
    leader.propose("x");
    leader.receive(2, accepted(1, 3, 2, 2));
    assertThat(match(leader, 2)).isEqualTo(2);
    assertThat(match(leader, 3)).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "figure 2, Leaders 3.2: if it fails because of log inconsistency, an earlier one is tried")
  void refusalIsFollowedBack() {
    Node leader = node(1, 1, 2, 3).log(1, 1, 4, 4).leading();
    List<Effect> effects = leader.receive(2, refused(5, 1, 4, 2, 1, 2));
    Message.AppendRequest again = Node.messages(effects, Message.AppendRequest.class).get(0);
    assertThat(again.prevIndex()).isEqualTo(2);
    assertThat(again.prevTerm()).isEqualTo(1);
    assertThat(again.entries()).extracting(Entry::index).containsExactly(3L, 4L, 5L);
  }

  @Test
  @DisplayName("section 5.3, the faster back-up: one question for each conflicting term")
  void conflictingTermIsSkipped() {
    Node leader = node(1, 1, 2, 3).log(1, 1, 1, 5, 5, 6, 6, 6).leading();
    // The follower holds 1 1 1 2 2 3 3 3 3: at 8 it has term 3, and says so.
    List<Effect> effects = leader.receive(2, refused(7, 1, 8, 8, 3, 9));
    assertThat(Node.messages(effects, Message.AppendRequest.class).get(0).prevIndex()).isEqualTo(3);
  }

  @Test
  @DisplayName("a probe is one request at a time, said again with the heartbeat")
  void oneProbeAtATime() {
    Node leader = node(1, 1, 2, 3).leading();
    assertThat(Node.messages(leader.propose("x"), Message.AppendRequest.class)).isEmpty();
    assertThat(Node.messages(leader.ticks(Node.HEARTBEAT), Message.AppendRequest.class))
        .hasSize(2)
        .allSatisfy(request -> assertThat(request.entries()).hasSize(2));
  }

  @Test
  @DisplayName("S-16 a peer has no more unanswered requests than the window allows")
  void windowIsBounded() {
    Node leader = replicating();
    List<Effect> effects =
        leader.step(
            IntStream.range(0, 1)
                .mapToObj(i -> new Input.Propose(i, org.rale.bytes.Bytes.utf8("v" + i)))
                .toArray(Input[]::new));
    assertThat(Node.messages(effects, Message.AppendRequest.class)).hasSize(2);
    int sent = 1;
    for (int i = 0; i < 20; i++) {
      sent += Node.messages(leader.propose("x"), Message.AppendRequest.class).size() / 2;
    }
    assertThat(sent).isEqualTo(4);
  }

  @Test
  @DisplayName("S-16 a peer has no more unanswered bytes than half the window of full requests")
  void windowIsBoundedInBytes() {
    Node leader = replicating();
    // Longer than an append may usually be, as the longest values are: each goes alone.
    String value = "x".repeat(1100);
    int sent = 0;
    for (int i = 0; i < 3; i++) {
      sent += Node.messages(leader.propose(value), Message.AppendRequest.class).size();
    }
    assertThat(Node.settings(1).maxInFlightBytes()).isEqualTo(2048);
    assertThat(sent).isEqualTo(2 * 2);

    leader.sync();
    List<Effect> effects = leader.receive(2, accepted(1, 3, 2, 2));
    assertThat(Node.messages(effects, Message.AppendRequest.class)).hasSize(1);
  }

  @Test
  @DisplayName("a window full of lost requests is given up after the election timeout")
  void fullWindowDrains() {
    Node leader = replicating();
    for (int i = 0; i < 10; i++) {
      leader.propose("x");
    }
    List<Effect> effects = leader.ticks(Node.TIMEOUT_MAX + Node.HEARTBEAT);
    List<Message.AppendRequest> requests = Node.messages(effects, Message.AppendRequest.class);
    assertThat(requests).isNotEmpty();
    assertThat(requests.get(0).prevIndex()).isEqualTo(1);
    assertThat(requests.get(0).entries()).isNotEmpty();
  }

  @Test
  @DisplayName("a request lost on the way is noticed by the next empty one")
  void lostRequestIsNoticed() {
    Node leader = replicating();
    leader.propose("x");
    leader.ticks(Node.HEARTBEAT);
    List<Effect> effects = leader.receive(2, refused(1, 5, 2, 1, 1, 1));
    Message.AppendRequest again = Node.messages(effects, Message.AppendRequest.class).get(0);
    assertThat(again.prevIndex()).isEqualTo(1);
    assertThat(again.entries()).extracting(Entry::index).containsExactly(2L);
  }

  @Test
  @DisplayName("S-07 a late refusal from before the agreement changes nothing")
  void lateRefusalIsIgnored() {
    Node leader = node(1, 1, 2, 3).log(1, 1, 4, 4).leading();
    leader.receive(2, accepted(5, 1, 5, 5));
    assertThat(leader.receive(2, refused(5, 1, 4, 2, 1, 2))).isEmpty();
    assertThat(mode(leader, 2)).isEqualTo("replicate");
  }

  @Test
  @DisplayName("S-07 an acceptance beyond the leader's own log is ignored")
  void acceptanceBeyondTheLog() {
    Node leader = replicating();
    leader.receive(2, accepted(1, 9, 99, 99));
    assertThat(match(leader, 2)).isEqualTo(1);
  }

  @Test
  @DisplayName("S-06 a peer whose match falls is lost: nothing is sent to it or counted for it")
  void fallingMatchIsRefused() {
    Node leader = replicating();
    leader.propose("x");
    leader.receive(2, accepted(1, 3, 2, 2));
    leader.ticks(Node.HEARTBEAT);
    assertThat(leader.receive(2, refused(1, 5, 2, 0, 0, 0))).isEmpty();
    assertThat(mode(leader, 2)).isEqualTo("lost");
    assertThat(match(leader, 2)).isZero();
    assertThat(leader.notes()).anyMatch(note -> note.text().contains("node 2 had acknowledged"));
  }

  @Test
  @DisplayName("S-06 a refusal that was true before the entries came is no falling match")
  void reorderedRefusalIsNoLoss() {
    Node leader = replicating();
    leader.propose("x");
    // Request 5, sent before request 3 was answered, arrives first and is refused; its answer comes
    // last.
    leader.ticks(Node.HEARTBEAT);
    leader.receive(2, accepted(1, 3, 2, 2));
    leader.receive(2, refused(1, 5, 2, 1, 1, 1));
    assertThat(mode(leader, 2)).isNotEqualTo("lost");
  }

  @Test
  @DisplayName("a broken link leaves the first guess of a new leader as it was")
  void brokenLinkKeepsTheGuess() {
    Node leader = node(1, 1, 2, 3).log(1, 1, 1, 1).leading();
    List<Effect> effects = leader.step(new Input.LinkBroken(2));
    assertThat(Node.messages(effects, Message.AppendRequest.class))
        .extracting(Message.AppendRequest::prevIndex)
        .containsExactly(4L);
  }

  @Test
  @DisplayName("a broken link makes a leader go back to what is proven")
  void brokenLinkGoesBackToTheMatch() {
    Node leader = replicating();
    leader.propose("x");
    List<Effect> effects = leader.step(new Input.LinkBroken(2));
    assertThat(Node.messages(effects, Message.AppendRequest.class))
        .extracting(Message.AppendRequest::prevIndex)
        .containsExactly(1L);
  }

  @Test
  @DisplayName("S-06 a member that comes back under its old id starts from nothing")
  void memberThatComesBackStartsFromNothing() {
    Node leader = replicating();
    leader.step(new Input.ChangeMembership(1, voters(1, 2)));
    leader.sync();
    leader.receive(2, accepted(1, 3, 2, 2));
    assertThat(leader.raft().departing()).containsExactly(3);
    assertThat(match(leader, 3)).isEqualTo(1);

    leader.step(new Input.ChangeMembership(2, voters(1, 2).with(member(3, false))));
    assertThat(leader.raft().departing()).isEmpty();
    assertThat(match(leader, 3)).isZero();
    // An answer of its former life counts for nothing, and its short log is no loss.
    leader.receive(3, accepted(1, 4, 2, 2));
    assertThat(match(leader, 3)).isZero();
    leader.receive(3, refused(1, 99, 2, 0, 0, 0));
    assertThat(mode(leader, 3)).isEqualTo("probe");
  }

  @Test
  @DisplayName("answers of nodes that are no peers are ignored")
  void strangersAreIgnored() {
    Node leader = replicating();
    assertThat(leader.receive(9, accepted(1, 1, 2, 2))).isEmpty();
    assertThat(leader.receive(9, new Message.HeartbeatResponse(1, 0, -1))).isEmpty();
    assertThat(leader.receive(9, new Message.SnapshotResponse(1, 1, 0, true))).isEmpty();
  }

  @Test
  @DisplayName("a batch of entries is bounded, and one entry larger than the bound still goes")
  void batchesAreBounded() {
    Node leader = replicating();
    leader.propose("x".repeat(2000));
    leader.receive(3, refused(1, 4, 1, 1, 1, 1));
    List<Message.AppendRequest> requests =
        Node.messages(leader.propose("small"), Message.AppendRequest.class);
    assertThat(requests).allSatisfy(request -> assertThat(request.entries()).hasSize(1));
  }

  /** Node 1 leads term 1, and both others hold its opening entry. */
  static Node replicating() {
    Node leader = node(1, 1, 2, 3).leading();
    leader.receive(2, accepted(1, 1, 1, 1));
    leader.receive(3, accepted(1, 2, 1, 1));
    return leader;
  }

  static long match(Node leader, int peer) {
    return peer(leader, peer).match();
  }

  static String mode(Node leader, int peer) {
    return peer(leader, peer).mode();
  }

  private static PeerStatus peer(Node leader, int id) {
    return leader.status().peers().stream()
        .filter(peer -> peer.id() == id)
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("an entry that a follower has confirmed is not sent to it again")
  void entriesAreSentOnce() {
    Node leader = replicating();
    leader.propose("x");
    leader.receive(2, accepted(1, 3, 2, 2));
    assertThat(Node.messages(leader.ticks(Node.HEARTBEAT), Message.AppendRequest.class))
        .allSatisfy(request -> assertThat(request.entries()).isEmpty());
  }

  /** Found by random clusters: leader and follower repeated the same question for ever. */
  @Test
  @DisplayName("a peer that contradicts even the last entry that is gone gets a snapshot")
  void contradictionAtTheBase() {
    Node leader = node(1, 1, 2, 3).snapshot(5, 2).log(2).leading();
    List<Effect> effects = leader.receive(2, refused(3, 1, 6, 6, 1, 19));
    assertThat(effects).containsExactly(new Effect.SendSnapshot(2));
  }
}
