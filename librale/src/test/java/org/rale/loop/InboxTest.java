package org.rale.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Message;
import org.rale.raft.SnapshotMeta;
import org.rale.replica.ReplicaInput;
import org.rale.request.Request;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/** What finds room among what waits for a turn, and in which order it is taken. */
final class InboxTest {
  private static final Identity TWO = new Identity(7, 2, 102);
  private static final long MAX_REQUEST_BYTES = 64 << 20;
  private static final Bytes LONG = Bytes.wrap(new byte[1 << 20]);

  private final Inbox inbox = new Inbox(MAX_REQUEST_BYTES);

  private static ReplicaInput.Submit put(Bytes value) {
    return new ReplicaInput.Submit(
        1, new Request.Change(new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), value)), 1000);
  }

  private static ReplicaInput.Submit ping(long token) {
    return new ReplicaInput.Submit(token, new Request.Ping(), 1000);
  }

  private static ReplicaInput.FromPeer heartbeat() {
    return new ReplicaInput.FromPeer(TWO, new PeerMessage.Raft(new Message.Heartbeat(1, 0, 0, 1)));
  }

  private static ReplicaInput.FromPeer piece() {
    return new ReplicaInput.FromPeer(
        TWO,
        new PeerMessage.Raft(new Message.SnapshotPiece(1, SnapshotMeta.NONE, 0, false, 0, LONG)));
  }

  private int fill(ReplicaInput.Submit request) {
    int taken = 0;
    while (inbox.offer(request)) {
      taken++;
    }
    return taken;
  }

  @Test
  @DisplayName(
      "S-16 requests of clients are bounded in bytes, and short ones have room of their own")
  void bytes_of_requests() {
    long longOnes = fill(put(LONG));
    assertThat(longOnes << 20).isBetween(MAX_REQUEST_BYTES / 2, MAX_REQUEST_BYTES * 7 / 8);

    long shortOnes = fill(put(Bytes.wrap(new byte[8 << 10])));
    assertThat(shortOnes).isGreaterThan(500);
    assertThat((longOnes << 20) + (shortOnes << 13)).isLessThanOrEqualTo(MAX_REQUEST_BYTES);
  }

  @Test
  @DisplayName("S-16 requests of clients are bounded in number")
  void number_of_requests() {
    assertThat(fill(ping(1))).isEqualTo(Inbox.MAX_REQUESTS);
  }

  @Test
  @DisplayName("S-16 requests that were taken make room for others")
  void room_again() {
    int most = fill(put(LONG));
    inbox.drain();
    assertThat(fill(put(LONG))).isEqualTo(most);
  }

  @Test
  @DisplayName("S-16 however many requests wait, messages of nodes and own news find room")
  void a_flood_hurts_no_peer() {
    fill(put(LONG));
    fill(ping(1));

    assertThat(inbox.offer(heartbeat())).isTrue();
    assertThat(inbox.offer(piece())).isTrue();
    inbox.force(new ReplicaInput.DiskDone(1));

    assertThat(inbox.drain())
        .startsWith(heartbeat(), piece(), new ReplicaInput.DiskDone(1))
        .hasSize(3 + Math.min(Inbox.MAX_REQUESTS_A_TURN, Inbox.MAX_REQUESTS));
  }

  @Test
  @DisplayName("S-16 messages of nodes are bounded in bytes, and heartbeats have room of their own")
  void bytes_of_messages() {
    long pieces = 0;
    while (inbox.offer(piece())) {
      pieces++;
    }
    assertThat(pieces << 20)
        .isBetween(Inbox.MAX_MESSAGE_BYTES / 2, Inbox.MAX_MESSAGE_BYTES * 7 / 8);
    assertThat(inbox.offer(heartbeat())).isTrue();

    assertThat(inbox.drain()).hasSize((int) pieces + 1);
    assertThat(inbox.offer(piece())).isTrue();
  }

  @Test
  @DisplayName("S-16 messages of nodes are bounded in number")
  void number_of_messages() {
    for (int i = 0; i < Inbox.MAX_MESSAGES; i++) {
      assertThat(inbox.offer(heartbeat())).isTrue();
    }
    assertThat(inbox.offer(heartbeat())).isFalse();
  }

  @Test
  void requests_are_taken_in_their_order_a_bounded_number_a_turn() throws Exception {
    for (int token = 0; token <= Inbox.MAX_REQUESTS_A_TURN; token++) {
      inbox.offer(ping(token));
    }
    inbox.forceBehindRequests(new ReplicaInput.Leave());

    List<ReplicaInput> first = inbox.drain();
    assertThat(first).hasSize(Inbox.MAX_REQUESTS_A_TURN).startsWith(ping(0), ping(1));
    // What is left lets nobody wait.
    inbox.await(Long.MAX_VALUE);
    assertThat(inbox.drain())
        .containsExactly(ping(Inbox.MAX_REQUESTS_A_TURN), new ReplicaInput.Leave());
    assertThat(inbox.drain()).isEmpty();
  }
}
