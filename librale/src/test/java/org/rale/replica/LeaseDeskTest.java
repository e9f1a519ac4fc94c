package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Compare;
import org.rale.dstore.LeaseItem;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.dstore.TxnResult;
import org.rale.raft.Denial;
import org.rale.raft.Entry;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/** Leases at the leader and its followers, with ticks that the test gives. A tick is 10 ms. */
final class LeaseDeskTest {
  private static final long LEASE = 12;
  private static final long TTL_MS = 1_000;

  /** What the ttl is, and the tick for what came since the clock was read. */
  private static final int TTL_TICKS = 101;

  private long last = 11;

  private long submit(HandDriven node, StoreCommand command) {
    return node.submit(new Request.Change(command));
  }

  /** The change is in the log, durable, and acknowledged by node 2. */
  private Response commit(HandDriven node, StoreCommand command) {
    long token = submit(node, command);
    commitNext(node);
    return node.answer(token);
  }

  private void commitNext(HandDriven node) {
    last++;
    node.sync();
    node.hear(2, node.accepted(last));
  }

  private static StoreCommand grant() {
    return new StoreCommand.LeaseGrant(Origin.NONE, TTL_MS);
  }

  private HandDriven granted() {
    HandDriven node = HandDriven.inCluster().leading();
    assertThat(commit(node, grant())).isEqualTo(new Response.LeaseGranted(LEASE, TTL_MS));
    return node;
  }

  /** Ticks, while node 2 acknowledges what it has: so node 1 stays in power. */
  private void ticks(HandDriven node, int count) {
    for (int i = 0; i < count; i++) {
      node.ticks(1);
      if (i % 5 == 0) {
        node.hear(2, node.accepted(last));
      }
    }
  }

  private static void confirm(HandDriven node) {
    List<Message.Heartbeat> asked = node.messages(2, Message.Heartbeat.class);
    Message.Heartbeat question = asked.get(asked.size() - 1);
    node.hear(
        2,
        new Message.HeartbeatResponse(
            question.term(), question.round(), Message.HeartbeatResponse.LOSS_UNKNOWN));
  }

  private static List<Long> expiries(HandDriven node) {
    return Stream.of(2, 3)
        .flatMap(peer -> node.messages(peer, Message.AppendRequest.class).stream())
        .flatMap(request -> request.entries().stream())
        .distinct() // What nobody acknowledges is sent again, and to both.
        .flatMap(LeaseDeskTest::expiry)
        .toList();
  }

  private static Stream<Long> expiry(Entry entry) {
    try {
      return entry.payload() instanceof Payload.Command command
              && StoreCodec.decode(command.bytes()) instanceof StoreCommand.LeaseExpire expire
          ? Stream.of(expire.lease())
          : Stream.of();
    } catch (org.rale.bytes.MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static void denied(Response response) {
    assertThat(response).isInstanceOf(Failed.class);
    assertThat(((Failed) response).code()).isEqualTo(ErrorCode.LEASE_NOT_FOUND);
  }

  @Test
  @DisplayName("S-13 a lease ends when its time is up by the leader's ticks, not before")
  void aLeaseEndsInTime() {
    HandDriven node = granted();
    assertThat(
            commit(
                node, new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), Bytes.utf8("v"), LEASE)))
        .isEqualTo(new Response.Stored(13, 13, 1));
    ticks(node, TTL_TICKS - 1);
    assertThat(expiries(node)).isEmpty();
    ticks(node, 1);
    assertThat(expiries(node)).containsExactly(LEASE);
    long read = node.submit(new Request.Get(Bytes.utf8("k"), true));
    assertThat(node.answer(read)).as("until it is committed").isInstanceOf(Response.Value.class);
    commitNext(node);
    denied(commit(node, new StoreCommand.LeaseRevoke(Origin.NONE, LEASE)));
    read = node.submit(new Request.Get(Bytes.utf8("k"), true));
    assertThat(((Failed) node.answer(read)).code()).isEqualTo(ErrorCode.KEY_NOT_FOUND);
    ticks(node, 5 * TTL_TICKS);
    assertThat(expiries(node)).as("once").containsExactly(LEASE);
  }

  @Test
  @DisplayName("S-12 a lease is said to last only when a majority has confirmed the leader since")
  void aKeepAliveWaitsForItsRound() {
    HandDriven node = granted();
    List<Message.Heartbeat> before = node.messages(2, Message.Heartbeat.class);
    Message.Heartbeat old = before.get(before.size() - 1);
    ticks(node, 50);
    long token = node.submit(new Request.LeaseKeepAlive(LEASE));
    assertThat(node.answer(token)).isNull();
    node.hear(
        2, new Message.HeartbeatResponse(2, old.round(), Message.HeartbeatResponse.LOSS_UNKNOWN));
    assertThat(node.answer(token)).as("an answer to an older question").isNull();
    confirm(node);
    assertThat(node.answer(token)).isEqualTo(new Response.LeaseKept(LEASE, TTL_MS));
    ticks(node, TTL_TICKS - 1);
    assertThat(expiries(node)).as("its time counts from the answer").isEmpty();
    ticks(node, 1);
    assertThat(expiries(node)).containsExactly(LEASE);
  }

  @Test
  @DisplayName("S-12 a leader that nobody confirms says nothing of a lease")
  void aLeaderAloneSaysNothing() {
    HandDriven node = granted();
    long token = node.submit(new Request.LeaseKeepAlive(LEASE));
    node.ticks(HandDriven.PATIENCE + 1);
    assertThat(((Failed) node.answer(token)).code()).isIn(ErrorCode.NO_LEADER, ErrorCode.TIMEOUT);
  }

  @Test
  void behindTheProposalOfItsEndNoLeaseIsKeptAlive() {
    HandDriven node = granted();
    ticks(node, TTL_TICKS - 1);
    long token = node.submit(new Request.LeaseKeepAlive(LEASE));
    ticks(node, 1);
    assertThat(expiries(node)).containsExactly(LEASE);
    confirm(node);
    denied(node.answer(token));
    token = node.submit(new Request.LeaseKeepAlive(LEASE));
    confirm(node);
    denied(node.answer(token));
  }

  @Test
  void aRevokedLeaseIsNotKeptAliveFromItsProposalOn() {
    HandDriven node = granted();
    long revoke = submit(node, new StoreCommand.LeaseRevoke(Origin.NONE, LEASE));
    long token = node.submit(new Request.LeaseKeepAlive(LEASE));
    confirm(node);
    denied(node.answer(token));
    commitNext(node);
    assertThat(node.answer(revoke)).isEqualTo(new Response.LeaseRevoked(LEASE, 0, 13));
  }

  @Test
  void whatIsNoLeaseIsDeniedForCertain() {
    HandDriven node = granted();
    long token = node.submit(new Request.LeaseKeepAlive(99));
    assertThat(node.answer(token)).isNull();
    confirm(node);
    denied(node.answer(token));
  }

  @Test
  @DisplayName("S-13 a leader that stood still does not count that time")
  void aSleepIsNotCounted() {
    HandDriven node = granted();
    ticks(node, TTL_TICKS - 10);
    // What came meanwhile is read before the clock: nobody knows when it was sent.
    node.turn(new ReplicaInput.Woke(15), new ReplicaInput.Tick());
    node.hear(2, node.accepted(last));
    assertThat(expiries(node)).isEmpty();
    ticks(node, 8);
    assertThat(expiries(node)).isEmpty();
    ticks(node, 1);
    assertThat(expiries(node)).containsExactly(LEASE);
  }

  /** Node 1 follows node 2 in term 2, and gets these entries, all of which are committed. */
  private HandDriven followed(StoreCommand... commands) {
    HandDriven node = HandDriven.inCluster().following();
    node.link(3);
    List<Entry> entries = new ArrayList<>();
    entries.add(new Entry(11, 2, new Payload.Empty()));
    for (StoreCommand command : commands) {
      last++;
      entries.add(new Entry(last, 2, new Payload.Command(StoreCodec.encode(command))));
    }
    node.hear(2, new Message.AppendRequest(2, 1, 10, 1, last, entries));
    node.sync();
    return node;
  }

  /** Node 3 votes for it in term 3; its entry is the next one, and not committed. */
  private void elect(HandDriven node) {
    while (node.messages(3, Message.PreVoteRequest.class).isEmpty()) {
      node.turn(new ReplicaInput.Tick());
    }
    node.hear(3, new Message.PreVoteResponse(2, 3, Denial.NONE));
    node.sync();
    node.hear(3, new Message.VoteResponse(3, Denial.NONE, 101));
    node.sync();
    last++;
  }

  private static void accepted(HandDriven node, long index) {
    node.hear(3, new Message.AppendResponse(3, node.sequence(3), true, index, 0, 0, index));
  }

  @Test
  @DisplayName(
      "S-08 a new leader gives each lease its full time, from its first committed entry on")
  void aNewLeaderGivesTheFullTime() {
    HandDriven node = followed(grant());
    elect(node);
    node.ticks(15);
    long token = node.submit(new Request.LeaseKeepAlive(LEASE));
    assertThat(node.answer(token)).isNull();
    accepted(node, last);
    for (int i = 0; i < TTL_TICKS - 1; i++) {
      node.ticks(1);
      if (i % 5 == 0) {
        accepted(node, last);
      }
    }
    assertThat(expiries(node)).isEmpty();
    node.ticks(1);
    assertThat(expiries(node)).containsExactly(LEASE);
  }

  @Test
  @DisplayName("S-08 what a former leader ended is gone before the new one says a word")
  void whatAFormerLeaderEndedIsGone() {
    HandDriven node = followed(grant(), new StoreCommand.LeaseExpire(LEASE));
    elect(node);
    long token = node.submit(new Request.LeaseKeepAlive(LEASE));
    accepted(node, last);
    List<Message.Heartbeat> asked = node.messages(3, Message.Heartbeat.class);
    node.hear(
        3,
        new Message.HeartbeatResponse(
            3, asked.get(asked.size() - 1).round(), Message.HeartbeatResponse.LOSS_UNKNOWN));
    denied(node.answer(token));
    assertThat(expiries(node)).isEmpty();
  }

  @Test
  @DisplayName("S-12 the list of leases is read behind a round, as any read")
  void leasesAreListed() {
    HandDriven node = granted();
    long token = node.submit(new Request.Leases());
    assertThat(node.answer(token)).isNull();
    confirm(node);
    assertThat(node.answer(token))
        .isEqualTo(new Response.LeaseList(List.of(new LeaseItem(LEASE, TTL_MS, 0))));
  }

  @Test
  void aFollowerAsksTheLeader() {
    HandDriven node = followed(grant());
    long token = node.submit(new Request.LeaseKeepAlive(LEASE));
    List<PeerMessage.Forward> forwards = node.forwards(2);
    assertThat(forwards)
        .extracting(PeerMessage.Forward::request)
        .containsExactly(new Request.LeaseKeepAlive(LEASE));
    assertThat(node.answer(token)).isNull();
    node.turn(
        new ReplicaInput.FromPeer(
            new Identity(HandDriven.CLUSTER, 2, 102),
            new PeerMessage.ForwardReply(
                forwards.get(0).id(), new Response.LeaseKept(LEASE, TTL_MS))));
    assertThat(node.answer(token)).isEqualTo(new Response.LeaseKept(LEASE, TTL_MS));
  }

  @Test
  @DisplayName("S-15 a GRANT that is sent again gives the same lease, and keeps it alive")
  void aGrantThatIsSentAgain() {
    HandDriven node = HandDriven.inCluster().leading();
    Origin origin = new Origin(1, 2, 3, 2, false, 0);
    StoreCommand first = new StoreCommand.LeaseGrant(origin, TTL_MS);
    StoreCommand again = first.withOrigin(origin.asRetry());
    assertThat(commit(node, first)).isEqualTo(new Response.LeaseGranted(LEASE, TTL_MS));
    ticks(node, 90);
    assertThat(commit(node, again)).isEqualTo(new Response.LeaseGranted(LEASE, TTL_MS));
    ticks(node, TTL_TICKS - 1);
    assertThat(expiries(node)).isEmpty();
    ticks(node, 1);
    long late = submit(node, again);
    last++;
    commitNext(node);
    denied(node.answer(late));
  }

  @Test
  @DisplayName("S-15 a former leader that learns of a GRANT and of its lease's end says no OK")
  void aGrantThatIsSentAgainToAFormerLeader() {
    HandDriven node = HandDriven.inCluster().leading();
    Origin origin = new Origin(1, 2, 3, 2, false, 0);
    StoreCommand first = new StoreCommand.LeaseGrant(origin, TTL_MS);
    assertThat(commit(node, first)).isEqualTo(new Response.LeaseGranted(LEASE, TTL_MS));
    ticks(node, TTL_TICKS - 1);
    long again = submit(node, first.withOrigin(origin.asRetry()));
    last++;
    node.ticks(1);
    last++;
    assertThat(expiries(node)).containsExactly(LEASE);
    node.sync();
    // Node 2 leads in term 3: what was not committed yet is, and the lease has ended.
    List<Entry> opening = List.of(new Entry(last + 1, 3, new Payload.Empty()));
    node.turn(
        HandDriven.heard(2, new Message.AppendRequest(3, 1, last, 2, last, opening)),
        new ReplicaInput.Tick());
    node.sync();
    assertThat(node.answer(again)).as("node 2 is asked").isNull();
    assertThat(node.forwards(2)).isNotEmpty();
  }

  @Test
  void aTransactionOfReadsIsNoEntry() {
    HandDriven node = HandDriven.inCluster().leading();
    Bytes key = Bytes.utf8("k");
    commit(node, new StoreCommand.Put(Origin.NONE, key, Bytes.utf8("v")));
    long token =
        submit(
            node,
            new StoreCommand.Txn(
                Origin.NONE,
                List.of(Compare.value(key, Compare.Relation.EQUAL, Bytes.utf8("v"))),
                List.of(new TxnOp.Get(key)),
                List.of()));
    assertThat(node.answer(token)).as("not without a round").isNull();
    confirm(node);
    assertThat(node.answer(token))
        .isEqualTo(
            new Response.Txn(true, 12, List.of(new TxnResult.Got(12, 12, 1, Bytes.utf8("v")))));
    assertThat(node.replica().raftStatus().lastIndex()).isEqualTo(12);
  }

  @Test
  @DisplayName("S-16 a transaction that finds no room is refused as a whole")
  void aTransactionThatFindsNoRoom() {
    HandDriven node = HandDriven.inCluster(HandDriven.THREE, 1_000).leading();
    Bytes value = Bytes.wrap(new byte[400]);
    List<TxnOp> two =
        List.of(new TxnOp.Put(Bytes.utf8("a"), value, 0), new TxnOp.Put(Bytes.utf8("b"), value, 0));
    assertThat(commit(node, new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), value)))
        .isInstanceOf(Response.Stored.class);
    for (boolean then : new boolean[] {true, false}) {
      StoreCommand txn =
          new StoreCommand.Txn(
              Origin.NONE, List.of(), then ? two : List.of(), then ? List.of() : two);
      Response response = node.answer(submit(node, txn));
      assertThat(((Failed) response).code()).isEqualTo(ErrorCode.STORE_FULL);
    }
    StoreCommand deletes =
        new StoreCommand.Txn(
            Origin.NONE, List.of(), List.of(new TxnOp.Delete(Bytes.utf8("k"))), List.of());
    assertThat(commit(node, deletes)).isInstanceOf(Response.Txn.class);
  }

  @Test
  @DisplayName("S-16 the ends of leases with many keys are proposed one after the other")
  void manyEndsAreSpread() throws Exception {
    HandDriven node = HandDriven.inCluster().leading();
    List<Long> leases = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      leases.add(((Response.LeaseGranted) commit(node, grant())).lease());
    }
    for (long lease : leases) {
      for (int part = 0; part < 8; part++) {
        List<TxnOp> steps = new ArrayList<>();
        for (int i = 0; i < 125; i++) {
          steps.add(new TxnOp.Put(Bytes.utf8(lease + "-" + part + "-" + i), Bytes.EMPTY, lease));
        }
        commit(node, new StoreCommand.Txn(Origin.NONE, List.of(), steps, List.of()));
      }
    }
    Failed full =
        (Failed)
            commit(
                node,
                new StoreCommand.Put(
                    Origin.NONE, Bytes.utf8("one more"), Bytes.EMPTY, leases.get(0)));
    assertThat(full.code()).isEqualTo(ErrorCode.LEASE_LIMIT);
    ticks(node, TTL_TICKS);
    assertThat(expiries(node)).hasSize(5);
    for (int i = 0; i < 5; i++) {
      commitNext(node);
    }
    ticks(node, 1);
    assertThat(expiries(node)).containsExactlyElementsOf(leases);
  }
}
