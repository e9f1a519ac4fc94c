package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.ByteReader;
import org.rale.dstore.DStore;
import org.rale.dstore.ImageChecksum;
import org.rale.dstore.Origin;
import org.rale.raft.Message;
import org.rale.raft.SnapshotMeta;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.BackupBegun;
import org.rale.request.Response.BackupPart;
import org.rale.request.Response.Failed;
import org.rale.wire.EntryCodec;

/** Backups at node 1 of three. */
final class BackupsTest {
  private static final int IDLE_TICKS = Backups.IDLE_MS / 10;

  private static HandDriven leader() {
    HandDriven node = HandDriven.inCluster().leading();
    node.sync();
    return node;
  }

  /** Puts so many values of 100 KB, committed by node 2. */
  private static void fill(HandDriven node, int count) {
    for (int i = 1; i <= count; i++) {
      node.put("k" + i, "v".repeat(100_000), Origin.NONE);
    }
    node.sync();
    node.hear(2, node.accepted(11 + count));
    assertThat(node.replica().raftStatus().appliedIndex()).isEqualTo(11 + count);
  }

  private static Response ask(HandDriven node, Request request) {
    return node.answer(node.submit(request));
  }

  private static BackupBegun begin(HandDriven node) {
    return (BackupBegun) ask(node, new Request.Backup(true));
  }

  private static Response piece(HandDriven node, BackupBegun backup, int piece) {
    return ask(node, new Request.BackupPiece(backup.id(), piece));
  }

  private static void assertFailed(Response response, ErrorCode code, String message) {
    assertThat(response).isInstanceOf(Failed.class);
    assertThat(((Failed) response).code()).isEqualTo(code);
    assertThat(((Failed) response).text()).contains(message);
  }

  private static List<BackupPart> fetch(HandDriven node, BackupBegun backup) {
    List<BackupPart> parts = new ArrayList<>();
    while (parts.isEmpty() || !parts.get(parts.size() - 1).last()) {
      parts.add((BackupPart) piece(node, backup, parts.size()));
    }
    return parts;
  }

  @Test
  void thePiecesAreTheTableAsItWasWhenItWasBegun() throws Exception {
    HandDriven node = leader();
    fill(node, 9);
    long hash = node.replica().stateHash();
    BackupBegun backup = begin(node);
    assertThat(backup.keys()).isEqualTo(9);
    assertThat(backup.index()).isEqualTo(20);
    assertThat(backup.clusterId()).isEqualTo(HandDriven.CLUSTER);
    assertThat(backup.term()).isEqualTo(2);
    ByteReader meta = new ByteReader(backup.meta());
    assertThat(EntryCodec.readSnapshotMeta(meta))
        .isEqualTo(new SnapshotMeta(20, 2, HandDriven.THREE));

    BackupPart first = (BackupPart) piece(node, backup, 0);
    node.put("k1", "other", Origin.NONE);
    node.put("new", "v", Origin.NONE);
    node.sync();
    node.hear(2, node.accepted(22));
    assertThat(node.replica().stateHash()).isNotEqualTo(hash);

    DStore.Loader loader = DStore.loader();
    ImageChecksum checksum = new ImageChecksum();
    long bytes = 0;
    int number = 0;
    for (BackupPart part = first; ; part = (BackupPart) piece(node, backup, number)) {
      assertThat(part.piece()).isEqualTo(number++);
      loader.add(part.data());
      checksum.add(part.data());
      bytes += part.data().length();
      assertThat(part.checksum()).isEqualTo(checksum.value());
      if (part.last()) {
        break;
      }
    }
    DStore table = loader.finish();
    assertThat(table.stateHash()).isEqualTo(hash);
    assertThat(table.appliedIndex()).isEqualTo(20);
    assertThat(number).isGreaterThan(9);
    assertThat(bytes).as("what was told about").isCloseTo(backup.bytes(), withPercentage(1));
  }

  @Test
  void aPieceWhoseReplyWasLostIsGivenAgain() {
    HandDriven node = leader();
    fill(node, 3);
    BackupBegun backup = begin(node);
    Response zero = piece(node, backup, 0);
    assertThat(piece(node, backup, 0)).isSameAs(zero);
    Response one = piece(node, backup, 1);
    assertThat(piece(node, backup, 1)).isSameAs(one).isNotEqualTo(zero);
    assertFailed(piece(node, backup, 0), ErrorCode.BAD_REQUEST, "not to be had: the next one is 2");
    assertFailed(piece(node, backup, 3), ErrorCode.BAD_REQUEST, "the next one is 2");
    assertThat(piece(node, backup, 2)).isInstanceOf(BackupPart.class);
  }

  @Test
  void theLastPieceIsGivenAgainAndNothingBehindIt() {
    HandDriven node = leader();
    BackupBegun backup = begin(node);
    List<BackupPart> parts = fetch(node, backup);
    int last = parts.size() - 1;
    assertThat(piece(node, backup, last)).isSameAs(parts.get(last));
    assertFailed(piece(node, backup, last + 1), ErrorCode.BAD_REQUEST, "the last one was " + last);
  }

  @Test
  @DisplayName("S-16 a few at once, and those that were fetched make room")
  void S_16_fewAtOnce() {
    HandDriven node = leader();
    List<BackupBegun> backups = new ArrayList<>();
    for (int i = 0; i < Backups.MAX; i++) {
      backups.add(begin(node));
    }
    assertFailed(
        ask(node, new Request.Backup(true)),
        ErrorCode.OVERLOADED,
        "4 backups of node 1 are being fetched");
    fetch(node, backups.get(2));
    assertThat(begin(node).id()).isNotIn(backups.stream().map(BackupBegun::id).toList());
    assertFailed(piece(node, backups.get(2), 0), ErrorCode.BAD_REQUEST, "has no backup");
    assertThat(piece(node, backups.get(0), 0)).isInstanceOf(BackupPart.class);
  }

  @Test
  @DisplayName("S-16 what nobody fetches is dropped, and each piece asked for keeps it")
  void S_16_idleOnesAreDropped() {
    HandDriven node = leader();
    BackupBegun kept = begin(node);
    BackupBegun idle = begin(node);
    assertThat(piece(node, kept, 0)).isInstanceOf(BackupPart.class);
    node.ticks(IDLE_TICKS / 2);
    assertThat(piece(node, kept, 0)).isInstanceOf(BackupPart.class);
    node.ticks(IDLE_TICKS / 2 + 1);
    assertFailed(piece(node, idle, 0), ErrorCode.BAD_REQUEST, "has no backup " + idle.id());
    assertThat(piece(node, kept, 0)).isInstanceOf(BackupPart.class);
  }

  @Test
  @DisplayName("S-16 one that is fetched too slowly is dropped: it keeps a table alive")
  void S_16_slowOnesAreDropped() {
    HandDriven node = leader();
    BackupBegun slow = begin(node);
    int between = IDLE_TICKS / 2;
    for (int ticks = 0; ticks < Backups.LONGEST_MS / 10; ticks += between) {
      assertThat(piece(node, slow, 0)).isInstanceOf(BackupPart.class);
      node.ticks(between);
    }
    node.ticks(1);
    assertFailed(piece(node, slow, 0), ErrorCode.BAD_REQUEST, "60 min in all");
  }

  @Test
  @DisplayName("S-16 a turn gives as many pieces as it has time for")
  void S_16_aTurnIsShort() {
    HandDriven node = leader();
    fill(node, 4);
    List<ReplicaInput> inputs = new ArrayList<>();
    for (int i = 0; i < Backups.MAX; i++) {
      BackupBegun backup = begin(node);
      assertThat(piece(node, backup, 0)).isInstanceOf(BackupPart.class);
      inputs.add(new ReplicaInput.Submit(900 + i, new Request.BackupPiece(backup.id(), 1), 1_000));
    }
    int before = node.answers.size();
    node.turn(inputs.toArray(ReplicaInput[]::new));
    assertThat(node.answers).hasSize(before + 1);
    assertThat(node.replica().isBehind()).isTrue();
    node.turn();
    assertThat(node.answers).hasSize(before + 2);
  }

  @Test
  @DisplayName("S-12 without LOCAL it waits for a majority, as a read does")
  void S_12_itIsLinearizable() {
    HandDriven node = leader();
    long token = node.submit(new Request.Backup(false));
    node.ticks(2);
    assertThat(node.answer(token)).isNull();
    List<Message.Heartbeat> heartbeats = node.messages(2, Message.Heartbeat.class);
    node.hear(
        2, new Message.HeartbeatResponse(2, heartbeats.get(heartbeats.size() - 1).round(), -1));
    assertThat(node.answer(token)).isInstanceOf(BackupBegun.class);
  }

  @Test
  void withoutALeaderOnlyALocalOneIsGiven() {
    HandDriven node = HandDriven.inCluster();
    long token = node.submit(new Request.Backup(false));
    assertThat(begin(node).index()).isEqualTo(10);
    node.ticks(HandDriven.PATIENCE + 2);
    assertFailed(node.answer(token), ErrorCode.NO_LEADER, "no leader");
  }

  @Test
  void aFollowerGivesItsOwn() {
    HandDriven node = HandDriven.inCluster().following();
    long token = node.submit(new Request.Backup(false));
    List<Message.ReadIndexRequest> asked = node.messages(2, Message.ReadIndexRequest.class);
    assertThat(asked).hasSize(1);
    node.hear(2, new Message.ReadIndexResponse(2, asked.get(0).id(), 10));
    assertThat(node.forwards(2)).isEmpty();
    BackupBegun backup = (BackupBegun) node.answer(token);
    assertThat(fetch(node, backup)).isNotEmpty();
  }

  @Test
  void aNodeInNoClusterHasNothingToGive() {
    HandDriven node = HandDriven.inNoCluster();
    for (Request request :
        List.of(
            new Request.Backup(true), new Request.Backup(false), new Request.BackupPiece(1, 0))) {
      assertFailed(ask(node, request), ErrorCode.NOT_MEMBER, "in no cluster");
    }
    HandDriven listed = HandDriven.listed();
    assertFailed(ask(listed, new Request.Backup(true)), ErrorCode.NOT_MEMBER, "in no cluster yet");
  }

  @Test
  void anEmptyTableIsBackedUpToo() throws Exception {
    HandDriven node = HandDriven.inCluster();
    DStore.Loader loader = DStore.loader();
    for (BackupPart part : fetch(node, begin(node))) {
      loader.add(part.data());
    }
    assertThat(loader.finish().size()).isZero();
  }
}
