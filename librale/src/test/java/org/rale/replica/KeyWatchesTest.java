package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Item;
import org.rale.dstore.KeyChange;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.raft.Entry;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;

/** WATCH and WAIT at node 1 of three, which has applied everything up to index 10. */
final class KeyWatchesTest {
  private final HandDriven node = HandDriven.inCluster().following();
  private long last = 10;
  private long sequence;

  private static Bytes bytes(String text) {
    return Bytes.utf8(text);
  }

  private static StoreCommand put(String key, String value) {
    return new StoreCommand.Put(Origin.NONE, bytes(key), bytes(value));
  }

  private static StoreCommand delete(String key) {
    return new StoreCommand.Delete(Origin.NONE, bytes(key));
  }

  private static KeyChange stored(String key, String value, long revision) {
    return new KeyChange(bytes(key), revision, new Item(bytes(value), revision, revision, 1));
  }

  /** The leader sends these and says that everything up to the index is committed. */
  private void append(long commit, StoreCommand... commands) {
    List<Entry> entries = new ArrayList<>();
    for (StoreCommand command : commands) {
      entries.add(
          new Entry(last + 1 + entries.size(), 2, new Payload.Command(StoreCodec.encode(command))));
    }
    long term = last == 10 ? 1 : 2;
    node.hear(2, new Message.AppendRequest(2, ++sequence, last, term, commit, entries));
    last += commands.length;
    node.sync();
  }

  private void apply(StoreCommand... commands) {
    append(last + commands.length, commands);
  }

  private long watch(String prefix, long from) {
    return node.submit(new Request.Watch(bytes(prefix), from));
  }

  private long await(String key, long revision) {
    return node.submit(new Request.Wait(bytes(key), revision));
  }

  /** The leader tells how far a read of this node has to wait. */
  private void readIndex(long index) {
    List<Message.ReadIndexRequest> asked = node.messages(2, Message.ReadIndexRequest.class);
    node.hear(2, new Message.ReadIndexResponse(2, asked.get(asked.size() - 1).id(), index));
  }

  private static Response.Events events(long revision, KeyChange... changes) {
    return new Response.Events(List.of(changes), revision);
  }

  private ErrorCode failure(long token) {
    return ((Failed) node.answer(token)).code();
  }

  @Test
  void whatCameAfterTheRevisionIsToldAtOnce() {
    apply(put("a", "1"), put("b", "2"), delete("a"));
    assertThat(node.answer(watch("a", 10)))
        .isEqualTo(events(13, stored("a", "1", 11), new KeyChange(bytes("a"), 13, null)));
    assertThat(node.answer(watch("a", 11)))
        .isEqualTo(events(13, new KeyChange(bytes("a"), 13, null)));
    assertThat(node.answer(watch("", 11)))
        .isEqualTo(events(13, stored("b", "2", 12), new KeyChange(bytes("a"), 13, null)));
  }

  @Test
  void waitsForAChangeUnderItsPrefix() {
    long token = watch("a", 10);
    long other = watch("b", 10);
    apply(put("b", "1"));
    assertThat(node.answer(token)).isNull();
    assertThat(node.answer(other)).isEqualTo(events(11, stored("b", "1", 11)));
    apply(put("c", "1"), put("a/x", "2"), put("c", "3"));
    assertThat(node.answer(token)).isEqualTo(events(14, stored("a/x", "2", 13)));
    assertThat(node.answers).hasSize(2);
  }

  @Test
  @DisplayName("S-02 what is in the log and not committed is not told")
  void S_02_onlyWhatIsCommitted() {
    long token = watch("a", 10);
    append(10, put("a", "1"));
    assertThat(node.answer(token)).isNull();
    append(11);
    assertThat(node.answer(token)).isEqualTo(events(11, stored("a", "1", 11)));
  }

  @Test
  void whenItsTimeIsUpItIsToldHowFarItHasSeen() {
    long token = watch("a", 10);
    apply(put("b", "1"), put("b", "2"));
    node.hear(2, new Message.Heartbeat(2, last, 0, 1));
    node.ticks(HandDriven.PATIENCE);
    assertThat(node.answer(token)).isEqualTo(events(12));
    apply(put("a", "1"));
    assertThat(node.answers).as("once").hasSize(1);
  }

  @Test
  @DisplayName("S-16 it waits for a minute at most, since its client may be gone")
  void S_16_noLongerThanAMinute() {
    node.turn(new ReplicaInput.Submit(7, new Request.Watch(bytes("a"), 10), 3_600_000));
    node.ticks(KeyWatches.LONGEST_MS / 10 - 1);
    assertThat(node.answer(7)).isNull();
    node.ticks(1);
    assertThat(node.answer(7)).isEqualTo(events(10));
  }

  @Test
  @DisplayName("S-12 who begins is told a revision behind all that was written before")
  void S_12_beginsBehindWhatWasWritten() {
    long token = node.submit(new Request.Watch(bytes("a")));
    readIndex(12);
    assertThat(node.answer(token)).as("it has not applied that yet").isNull();
    apply(put("a", "1"), put("a", "2"));
    assertThat(node.answer(token)).isEqualTo(events(12));
  }

  @Test
  void whoComesFromANodeThatWasAheadWaits() {
    long token = watch("a", 12);
    readIndex(12);
    apply(put("a", "1"), put("a", "2"));
    assertThat(node.answer(token)).isNull();
    apply(put("a", "3"));
    assertThat(((Response.Events) node.answer(token)).changes())
        .extracting(KeyChange::revision)
        .containsExactly(13L);
  }

  @Test
  void aRevisionThatTheClusterHasNotReachedIsRefused() {
    long token = watch("a", 500);
    readIndex(10);
    assertThat(failure(token)).isEqualTo(ErrorCode.REVISION_TOO_OLD);
    assertThat(((Failed) node.answer(token)).revision()).isEqualTo(10);
  }

  @Test
  void aWaitFromARevisionThatTheClusterHasNotReachedIsRefused() {
    apply(put("a", "1"));
    long token = await("a", 500);
    readIndex(11);
    assertThat(failure(token)).isEqualTo(ErrorCode.REVISION_TOO_OLD);
    assertThat(((Failed) node.answer(token)).revision()).isEqualTo(11);
    assertThat(((Failed) node.answer(token)).hint()).startsWith("GET the key");
  }

  @Test
  void aWaitFromANodeThatWasAheadWaits() {
    long token = await("a", 12);
    readIndex(12);
    apply(put("a", "1"), put("a", "2"));
    assertThat(node.answer(token)).isNull();
    apply(put("a", "3"));
    assertThat(node.answer(token)).isEqualTo(new Response.Value(bytes("3"), 13, 11, 3));
  }

  @Test
  void whoComesFromANodeThatWasAheadIsToldWhereNobodyLeads() {
    HandDriven alone = HandDriven.inCluster();
    long token = alone.submit(new Request.Watch(bytes("a"), 11));
    alone.ticks(HandDriven.PATIENCE);
    assertThat(((Failed) alone.answer(token)).code()).isEqualTo(ErrorCode.NO_LEADER);
  }

  @Test
  void needsNoLeader() {
    HandDriven alone = HandDriven.inCluster();
    long token = alone.submit(new Request.Watch(bytes("a"), 10));
    alone.ticks(HandDriven.PATIENCE);
    assertThat(alone.answer(token)).isEqualTo(events(10));
  }

  @Test
  void survivesAChangeOfTheLeader() {
    long token = watch("a", 10);
    node.hear(3, new Message.Heartbeat(3, 10, 0, 1));
    node.sync();
    node.hear(2, new Message.Heartbeat(4, 10, 0, 1));
    node.sync();
    node.hear(
        2,
        new Message.AppendRequest(
            4,
            1,
            10,
            1,
            11,
            List.of(new Entry(11, 4, new Payload.Command(StoreCodec.encode(put("a", "1")))))));
    node.sync();
    assertThat(node.answer(token)).isEqualTo(events(11, stored("a", "1", 11)));
  }

  @Test
  @DisplayName("S-16 an answer is bounded, and never parts what one command changed")
  void S_16_anAnswerIsBounded() {
    String value = "v".repeat(100 << 10);
    StoreCommand pair =
        new StoreCommand.Txn(
            Origin.NONE,
            List.of(),
            List.of(
                new TxnOp.Put(bytes("a"), bytes(value), 0),
                new TxnOp.Put(bytes("b"), bytes(value), 0)),
            List.of());
    apply(pair, pair, pair);
    List<KeyChange> all = new ArrayList<>();
    long from = 10;
    int answers = 0;
    while (from < 13) {
      Response.Events part = (Response.Events) node.answer(watch("", from));
      assertThat(part.changes()).isNotEmpty();
      all.addAll(part.changes());
      from = part.revision();
      assertThat(all.size() % 2).as("half a transaction").isZero();
      answers++;
    }
    assertThat(all).extracting(KeyChange::revision).containsExactly(11L, 11L, 12L, 12L, 13L, 13L);
    assertThat(answers).isEqualTo(3);
  }

  @Test
  @DisplayName("S-16 a turn answers so many that it stays short")
  void S_16_aTurnStaysShort() {
    List<Long> tokens = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      tokens.add(watch("a", 10));
    }
    String value = "v".repeat((int) HandDriven.READ_BYTES / 2);
    node.hear(
        2,
        new Message.AppendRequest(
            2,
            1,
            10,
            1,
            11,
            List.of(new Entry(11, 2, new Payload.Command(StoreCodec.encode(put("a", value)))))));
    node.sync();
    int first = node.answers.size();
    assertThat(first).isBetween(1, 10);
    assertThat(node.replica().isBehind()).isTrue();
    while (node.replica().isBehind()) {
      int before = node.answers.size();
      node.turn();
      assertThat(node.answers.size() - before).isBetween(1, 10);
    }
    for (long token : tokens) {
      assertThat(node.answer(token)).isEqualTo(events(11, stored("a", value, 11)));
    }
  }

  @Test
  @DisplayName("S-16 those that wait leave room for others")
  void S_16_atTheBoundOverloaded() {
    for (int i = 0; i < 25; i++) {
      assertThat(node.answer(watch("a" + i, 10))).isNull();
    }
    assertThat(failure(watch("b", 10))).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(node.answer(node.submit(new Request.Ping()))).isEqualTo(new Response.Pong());
    apply(put("a3", "1"));
    assertThat(node.answer(watch("b", 11))).as("there is room again").isNull();
  }

  @Test
  @DisplayName("S-16 at the bound those are answered that need not wait")
  void S_16_atTheBoundWhatNeedNotWait() {
    apply(put("x", "1"));
    for (int i = 0; i < 25; i++) {
      assertThat(node.answer(watch("a" + i, 11))).isNull();
    }
    assertThat(node.answer(watch("x", 10))).isEqualTo(events(11, stored("x", "1", 11)));
    long begins = watch("x", -1);
    readIndex(11);
    assertThat(node.answer(begins)).isEqualTo(events(11));
    long there = await("x", 0);
    readIndex(11);
    assertThat(node.answer(there)).isEqualTo(new Response.Value(bytes("1"), 11, 11, 1));
    long waits = await("x", 11);
    readIndex(11);
    assertThat(failure(waits)).isEqualTo(ErrorCode.OVERLOADED);
  }

  @Test
  @DisplayName("S-16 who was let wait is not turned away when there was nothing to tell")
  void S_16_whoWaitsKeepsItsPlace() {
    long token = await("a", 0);
    readIndex(10);
    for (int i = 0; i < 24; i++) {
      watch("b" + i, 10);
    }
    apply(put("ab", "1"));
    assertThat(failure(watch("c", 11))).isEqualTo(ErrorCode.OVERLOADED);
    apply(put("a", "1"));
    assertThat(node.answer(token)).isEqualTo(new Response.Value(bytes("1"), 12, 12, 1));
  }

  @Test
  void aLeaseTakesItsKeysInOneEvent() {
    apply(
        new StoreCommand.LeaseGrant(Origin.NONE, 1_000),
        new StoreCommand.Put(Origin.NONE, bytes("a"), bytes("1"), 11),
        new StoreCommand.Put(Origin.NONE, bytes("b"), bytes("1"), 11));
    long token = watch("", 13);
    apply(new StoreCommand.LeaseExpire(11));
    Response.Events events = (Response.Events) node.answer(token);
    assertThat(events.revision()).isEqualTo(14);
    assertThat(events.changes())
        .containsExactlyInAnyOrder(
            new KeyChange(bytes("a"), 14, null), new KeyChange(bytes("b"), 14, null));
  }

  @Test
  void aKeyIsAwaitedUntilItExists() {
    long token = await("a", 0);
    readIndex(10);
    apply(put("ab", "1"), put("b", "1"));
    assertThat(node.answer(token)).isNull();
    apply(put("a", "2"));
    assertThat(node.answer(token)).isEqualTo(new Response.Value(bytes("2"), 13, 13, 1));
  }

  @Test
  void aKeyThatExistsIsToldAtOnce() {
    apply(put("a", "1"));
    long token = await("a", 0);
    assertThat(node.answer(token)).as("it may be stale").isNull();
    readIndex(11);
    assertThat(node.answer(token)).isEqualTo(new Response.Value(bytes("1"), 11, 11, 1));
  }

  @Test
  void aKeyIsAwaitedUntilItIsNewer() {
    apply(put("a", "1"));
    long token = await("a", 11);
    readIndex(11);
    assertThat(node.answer(token)).isNull();
    apply(put("a", "2"));
    assertThat(node.answer(token)).isEqualTo(new Response.Value(bytes("2"), 12, 11, 2));
  }

  @Test
  void aKeyIsAwaitedUntilItIsGone() {
    apply(put("a", "1"));
    long token = await("a", 11);
    readIndex(11);
    apply(delete("a"), put("a", "2"));
    assertThat(failure(token)).as("though it is there again").isEqualTo(ErrorCode.KEY_NOT_FOUND);
    long gone = await("none", 5);
    readIndex(13);
    assertThat(failure(gone)).isEqualTo(ErrorCode.KEY_NOT_FOUND);
  }

  @Test
  void aKeyThatCameAndWentWithinATurnWasThere() {
    long token = await("a", 0);
    readIndex(10);
    apply(put("a", "1"), delete("a"));
    assertThat(node.answer(token)).isEqualTo(new Response.Value(bytes("1"), 11, 11, 1));
  }

  @Test
  void whoWaitedInVainIsToldThat() {
    long token = await("a", 0);
    readIndex(10);
    node.ticks(HandDriven.PATIENCE);
    assertThat(failure(token)).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(((Failed) node.answer(token)).message()).isEqualTo("there is no key a yet");
  }

  @Test
  void aNodeThatLeavesAnswersAndEnds() {
    long watch = watch("a", 10);
    long wait = await("a", 0);
    readIndex(10);
    node.turn(new ReplicaInput.Leave());
    assertThat(failure(watch)).isEqualTo(ErrorCode.SHUTTING_DOWN);
    assertThat(failure(wait)).isEqualTo(ErrorCode.SHUTTING_DOWN);
    assertThat(node.replica().mayEnd()).isTrue();
  }

  @Test
  void aNodeThatLeavesAnswersWhoHasNotBegunToWait() {
    long readable = watch("a", -1);
    readIndex(12);
    long asked = await("a", 0);
    long ahead = watch("a", 11);
    node.turn(new ReplicaInput.Leave());
    for (long token : List.of(readable, asked, ahead)) {
      assertThat(failure(token)).isEqualTo(ErrorCode.SHUTTING_DOWN);
    }
    assertThat(node.replica().mayEnd()).isTrue();
    apply(put("a", "1"), put("a", "2"));
    assertThat(node.answers).as("once each").hasSize(3);
  }

  @Test
  void aNodeThatLeavesAnswersWhoWaitsForALeader() {
    HandDriven alone = HandDriven.inCluster();
    long watch = alone.submit(new Request.Watch(bytes("a")));
    long wait = alone.submit(new Request.Wait(bytes("a"), 0));
    alone.turn(new ReplicaInput.Leave());
    for (long token : List.of(watch, wait)) {
      assertThat(((Failed) alone.answer(token)).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
    }
    assertThat(alone.replica().mayEnd()).isTrue();
  }

  @Test
  void aNodeThatIsRemovedMeanwhileSaysThat() {
    long token = watch("a", 10);
    Membership others = new Membership(List.of(HandDriven.member(2), HandDriven.member(3)));
    node.hear(
        2,
        new Message.AppendRequest(
            2, 1, 10, 1, 11, List.of(new Entry(11, 2, new Payload.Members(others)))));
    node.sync();
    assertThat(failure(token)).isEqualTo(ErrorCode.NOT_MEMBER);
    assertThat(failure(watch("a", 11))).isEqualTo(ErrorCode.NOT_MEMBER);
  }

  @Test
  void itIsNeverPassedOn() {
    watch("a", 10);
    await("a", 0);
    node.ticks(5);
    assertThat(node.forwards(2)).isEmpty();
  }

  @Test
  void keysTellAtWhichRevisionTheyWereRead() {
    apply(put("a", "1"));
    long token = node.submit(new Request.Keys(Bytes.EMPTY, 5));
    readIndex(11);
    assertThat(node.answer(token)).isEqualTo(new Response.KeyList(List.of(bytes("a")), false, 11));
  }
}
