package org.rale.raled.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.request.Limits;
import org.rale.request.Request;
import org.rale.request.Response;

final class TextConnectionTest {
  private final TestClient client = new TestClient();

  @Test
  void aLineGetsALine() {
    client.say("PING\n");
    assertThat(client.replies()).containsExactly("OK: PONG");
  }

  @Test
  void aLineMayComeByteByByte() {
    for (char c : "GET kö\r\n".toCharArray()) {
      assertThat(client.node.pending).isEmpty();
      client.say(String.valueOf(c));
    }
    assertThat(client.node.requests()).containsExactly(new Request.Get(Bytes.utf8("kö"), false));
  }

  @Test
  void manyLinesMayComeAtOnceWithEitherEnd() {
    client.say("PING\r\nping\nPiNg\r\n");
    assertThat(client.replies()).containsExactly("OK: PONG", "OK: PONG", "OK: PONG");
  }

  @Test
  void repliesLeaveInTheOrderOfTheRequestsHoweverTheyCome() {
    client.say("GET a\nGET b\nPING\nGET c\n");
    client.node.pending.get(2).value("3");
    client.node.pending.get(1).value("2");
    assertThat(client.replies()).isEmpty();
    client.node.pending.get(0).value("1");
    assertThat(client.replies()).containsExactly("OK: 1", "OK: 2", "OK: PONG", "OK: 3");
  }

  @Test
  void changesAndReadsOfAKeyRunSideBySideForTheNodeKeepsTheirOrder() {
    client.say("PUT k 1\nGET k\nPUT k 2\nGET k\n");
    assertThat(client.node.pending).hasSize(4);
  }

  @Test
  void otherReadsWaitForTheChangesBeforeThemAndAChangeForThem() {
    client.say("PUT k 1\nPUT l 1\nGET k LOCAL\nGET k\nPUT k 2\nKEYS k\n");
    assertThat(client.node.pending).hasSize(2);
    client.node.pending.get(1).reply().accept(new Response.Stored(2, 2, 1));
    assertThat(client.node.pending).hasSize(2);
    client.node.pending.get(0).reply().accept(new Response.Stored(1, 1, 1));
    assertThat(client.replies()).containsExactly("OK: 1", "OK: 1");
    assertThat(client.node.pending).as("the change waits for the local read").hasSize(4);
    client.node.pending.get(2).value("1");
    assertThat(client.replies()).containsExactly("OK: 1");
    assertThat(client.node.pending).as("and not for the other one").hasSize(5);
    client.node.pending.get(4).reply().accept(new Response.Stored(3, 1, 2));
    assertThat(client.replies()).as("the read before it is not answered").isEmpty();
    assertThat(client.node.pending).hasSize(6);
    client.node.pending.get(3).value("1");
    assertThat(client.replies()).containsExactly("OK: 1", "OK: 2");
  }

  @Test
  void whatAltersTheMembershipRunsAlone() {
    client.say("REMOVE 2\nREMOVE 3\nLIST\n");
    assertThat(client.node.requests()).containsExactly(new Request.Remove(2));
    client.node.pending.get(0).reply().accept(new Response.Removed(2));
    assertThat(client.replies()).containsExactly("OK: node 2 removed");
    assertThat(client.node.requests())
        .containsExactly(new Request.Remove(2), new Request.Remove(3));
    client.node.pending.get(1).reply().accept(new Response.Removed(3));
    assertThat(client.replies()).containsExactly("OK: node 3 removed");
    assertThat(client.node.requests()).hasSize(3);
  }

  @Test
  void piecesOfABackupRunOneByOne() {
    client.say("BACKUP 7 0\nBACKUP 7 1\nGET a\n");
    assertThat(client.node.requests()).containsExactly(new Request.BackupPiece(7, 0));
    client.node.pending.get(0).reply().accept(new Response.BackupPart(0, false, 1, Bytes.EMPTY));
    assertThat(client.replies()).hasSize(1);
    assertThat(client.node.requests()).hasSize(2).contains(new Request.BackupPiece(7, 1));
    client.node.pending.get(1).reply().accept(new Response.BackupPart(1, true, 1, Bytes.EMPTY));
    assertThat(client.replies()).hasSize(1);
    assertThat(client.node.requests()).hasSize(3);
  }

  @Test
  void aWatchDoesNotDelayTheEnd() {
    client.say("WATCH-LEADER 2 5 60000\nGET a\n");
    assertThat(client.node.requests()).hasSize(2).contains(new Request.WatchLeader(2, 5));
    TextConnection.finish(client.channel);
    client.channel.runPendingTasks();
    assertThat(client.replies())
        .containsExactly("ERROR: this node is shutting down; ask another node");
    assertThat(client.channel.isOpen()).as("the GET is under way").isTrue();
    client.node.pending.get(0).reply().accept(new Response.Leader(3, 6, null));
    client.node.pending.get(1).value("1");
    assertThat(client.replies())
        .as("the node's own answer comes too late")
        .containsExactly("OK: 1");
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  void soItIsWithThoseThatWaitForKeys() {
    client.say("WATCH a FROM 5 60000\nWAIT a 5 60000\n");
    assertThat(client.node.requests()).hasSize(2);
    TextConnection.finish(client.channel);
    client.channel.runPendingTasks();
    assertThat(client.replies())
        .hasSize(2)
        .containsOnly("ERROR: this node is shutting down; ask another node");
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  void aReplyGivenTwiceIsTakenOnce() {
    client.say("GET a\nGET b\n");
    client.node.pending.get(0).value("1");
    client.node.pending.get(0).value("again");
    client.node.pending.get(1).value("2");
    assertThat(client.replies()).containsExactly("OK: 1", "OK: 2");
  }

  @Test
  void aJsonLineGetsAJsonReplyWithItsId() {
    client.say("{\"command\":\"PING\",\"id\":7}\nPING\n");
    List<String> replies = client.replies();
    assertThat(replies.get(0)).startsWith("{").contains("\"id\":7");
    assertThat(replies.get(1)).isEqualTo("OK: PONG");
  }

  @Test
  void theClientsTimeCountsAndElseTheConfiguredOne() {
    client.say("GET a\n{\"command\":\"GET\",\"key\":\"a\",\"timeout_ms\":70}\n");
    assertThat(client.node.pending)
        .extracting(PendingRequests.Pending::timeoutMs)
        .containsExactly(TestClient.TIMEOUT_MS, 70);
  }

  @Test
  void whatIsNoRequestIsSaidSoInItsTurnAndTheNextLineIsRead() {
    client.say("GET a\nFROBNICATE\nPING\n");
    client.node.pending.get(0).value("1");
    assertThat(client.replies())
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("OK: 1"),
            second -> assertThat(second).startsWith("ERROR: ").contains("FROBNICATE"),
            third -> assertThat(third).isEqualTo("OK: PONG"));
  }

  @Test
  void stopIsForbiddenOverTcp() {
    client.say("STOP\nPING\n");
    assertThat(client.replies())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("ERROR: ").contains("control socket"),
            second -> assertThat(second).isEqualTo("OK: PONG"));
    assertThat(client.node.requests()).isEmpty();
  }

  @Test
  void stopIsTakenOverTheControlSocket() {
    TestClient local = new TestClient(true, null, new MemoryBudget(64 << 20));
    local.say("STOP\n");
    assertThat(local.node.requests()).containsExactly(new Request.Stop());
    local.node.pending.get(0).reply().accept(new Response.Stopping());
    assertThat(local.replies()).containsExactly("OK: stopping");
  }

  @Test
  @DisplayName(
      "S-16 requests of one connection are bounded: at the bound its lines wait, none is lost")
  void S_16_atTheBoundLinesWait() {
    int more = 100;
    client.say("GET a\n".repeat(Window.SIZE / 2 + more));
    assertThat(client.node.submitted).isEqualTo(Window.SIZE / 2);
    assertThat(client.isReadFrom()).isFalse();

    List.copyOf(client.node.pending).forEach(each -> each.value("v"));
    assertThat(client.replies()).hasSize(Window.SIZE / 2);
    assertThat(client.node.submitted).isEqualTo(Window.SIZE / 2 + more);
    assertThat(client.isReadFrom()).isTrue();
  }

  @Test
  @DisplayName("S-16 so are those that only wait for news, and answers behind one that is missing")
  void S_16_atTheBoundOfAnswersLinesWait() {
    client.say("WATCH-LEADER 2 5 60000\n");
    for (int i = 1; i < ClientLimits.MAX_OUTSTANDING; i++) {
      client.say("GET a\n");
      client.node.pending.get(i).value("v");
    }
    client.say("GET a\n");
    assertThat(client.node.submitted).isEqualTo(ClientLimits.MAX_OUTSTANDING);
    assertThat(client.isReadFrom()).isFalse();

    client.node.pending.get(0).reply().accept(new Response.Leader(3, 6, null));
    assertThat(client.replies()).hasSize(ClientLimits.MAX_OUTSTANDING);
    assertThat(client.node.submitted).isEqualTo(ClientLimits.MAX_OUTSTANDING + 1);
  }

  @Test
  @DisplayName("S-16 the bytes of the requests of one connection are bounded")
  void S_16_theBytesOfRequestsAreBounded() {
    String line = "PUT a " + "v".repeat(1_000_000) + "\n";
    for (int i = 0; i < 8; i++) {
      client.say(line);
    }
    assertThat(client.node.submitted).isEqualTo(5);
    assertThat(client.isReadFrom()).isFalse();
  }

  @Test
  @DisplayName("S-16 a client that does not read holds a bounded amount of replies")
  void S_16_aClientThatDoesNotReadIsNotReadFrom() {
    client.stopsReading();
    client.say("GET a\n".repeat(50));
    List.copyOf(client.node.pending).forEach(each -> each.value("v".repeat(100_000)));
    client.channel.runPendingTasks();
    long written = client.channel.unsafe().outboundBuffer().totalPendingWriteBytes();
    assertThat(written).isBetween(100_000L, ClientLimits.MAX_UNREAD_BYTES + 110_000L);
    assertThat(client.isReadFrom()).isFalse();

    client.readsAgain();
    assertThat(client.replies()).hasSize(50).allMatch(reply -> reply.length() == 100_004);
    assertThat(client.isReadFrom()).isTrue();
  }

  @Test
  void aHalfClosedClientGetsTheRepliesUnderWayAndThenTheEnd() {
    client.say("GET a\nGET b\n");
    client.halfCloses();
    assertThat(client.channel.isOpen()).isTrue();
    client.node.pending.get(0).value("1");
    assertThat(client.replies()).containsExactly("OK: 1");
    assertThat(client.channel.isOpen()).isTrue();
    client.node.pending.get(1).value("2");
    assertThat(client.replies()).containsExactly("OK: 2");
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  void aHalfClosedClientGetsTheRepliesOfLinesThatStillWaited() {
    client.say("GET a\n".repeat(Window.SIZE / 2 + 1));
    client.halfCloses();
    List.copyOf(client.node.pending).forEach(each -> each.value("v"));
    assertThat(client.replies()).hasSize(Window.SIZE / 2);
    assertThat(client.channel.isOpen()).isTrue();
    client.node.pending.get(Window.SIZE / 2).value("last");
    assertThat(client.replies()).containsExactly("OK: last");
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  void aLineWithoutItsEndIsNotCarriedOut() {
    client.say("PUT a half of wh");
    client.halfCloses();
    assertThat(client.node.requests()).isEmpty();
    assertThat(client.replies()).singleElement().asString().contains("has no line end");
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  void aSilentClientThatHalfClosesIsClosed() {
    client.halfCloses();
    assertThat(client.replies()).isEmpty();
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  @DisplayName("S-17 an endless line gets its error after the replies before it, then the end")
  void S_17_anEndlessLineEndsTheConnection() {
    client.say("GET a\n");
    String piece = "x".repeat(1 << 16);
    for (int i = 0; i <= Limits.MAX_LINE_BYTES >> 16; i++) {
      client.say(piece);
    }
    assertThat(client.channel.isOpen()).isTrue();
    client.node.pending.get(0).value("1");
    assertThat(client.replies())
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("OK: 1"),
            second -> assertThat(second).startsWith("ERROR: the line has more than 2097152 bytes"));
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  void theLongestLineIsTaken() {
    client.say(" ".repeat(Limits.MAX_LINE_BYTES - 4) + "PING\n");
    assertThat(client.replies()).hasSize(1);
    assertThat(client.channel.isOpen()).isTrue();
  }

  @Test
  @DisplayName("S-17 garbage is answered with errors and throws nothing past the handler")
  void S_17_garbage() {
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      byte[] garbage = new byte[random.nextInt(2_000)];
      random.nextBytes(garbage);
      client.channel.writeInbound(Unpooled.wrappedBuffer(garbage));
    }
    client.channel.checkException();
    client.channel.runPendingTasks();
    client.channel.releaseOutbound();
    client.say("\nPING\n");
    assertThat(client.replies()).last().isEqualTo("OK: PONG");
  }

  @Test
  @DisplayName("S-16 long lines of all clients share a bound; who has short ones is unhurt")
  void S_16_longLinesShareABound() {
    MemoryBudget budget = new MemoryBudget(1 << 20);
    TestClient first = new TestClient(false, null, budget);
    TestClient second = new TestClient(false, null, budget);
    TestClient third = new TestClient(false, null, budget);
    first.say("PUT a " + "x".repeat(900_000));
    second.say("PUT a " + "x".repeat(900_000));
    third.say("PING\n");
    assertThat(second.replies()).singleElement().asString().contains("no memory");
    assertThat(second.channel.isOpen()).isFalse();
    assertThat(third.replies()).containsExactly("OK: PONG");

    first.channel.close();
    assertThat(budget.left()).isEqualTo(1 << 20);
  }

  @Test
  @DisplayName("S-16 unread replies of all clients share a bound; who reads is unhurt")
  void S_16_unreadRepliesShareABound() {
    MemoryBudget budget = new MemoryBudget(150_000);
    TestClient stuck = new TestClient(false, null, budget);
    TestClient other = new TestClient(false, null, budget);
    stuck.stopsReading();
    stuck.say("GET a\nGET a\n");
    stuck.node.pending.forEach(each -> each.value("v".repeat(190_000)));
    stuck.channel.runPendingTasks();
    other.say("GET a\n");
    other.node.pending.get(0).value("v".repeat(190_000));
    assertThat(other.replies()).isEmpty();
    other.say("PING\n");

    stuck.readsAgain();
    stuck.pass(50);
    assertThat(stuck.replies()).hasSize(2);
    other.pass(50);
    assertThat(other.replies()).hasSize(2).last().isEqualTo("OK: PONG");
    assertThat(budget.left()).isEqualTo(150_000);
  }

  @Test
  @DisplayName("S-16 connections whose replies wait for memory that they hold themselves get on")
  void S_16_nobodyWaitsForMemoryForEver() {
    MemoryBudget budget = new MemoryBudget(150_000);
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      TestClient client = new TestClient(false, null, budget);
      clients.add(client);
      // The line that has begun holds memory, and is not read on before the reply has left.
      client.say("GET a\n");
      client.say("PUT a " + "x".repeat(100_000));
    }
    assertThat(budget.left()).isLessThan(50_000);

    for (TestClient client : clients) {
      client.node.pending.get(0).value("v".repeat(190_000));
    }
    for (TestClient client : clients) {
      client.pass(50);
      assertThat(client.replies()).hasSize(1);
    }
    clients.forEach(client -> client.channel.close());
    assertThat(budget.left()).isEqualTo(150_000);
  }

  @Test
  void whoIsRefusedIsToldWhyWithoutAsking() {
    TestClient refused =
        new TestClient(
            false, TextConnection.tooManyConnections(3, false), new MemoryBudget(64 << 20));
    assertThat(refused.replies()).singleElement().asString().contains("max_connections");
    assertThat(refused.channel.isOpen()).isFalse();
  }

  @Test
  void whoNeverSaysALineIsClosed() {
    client.pass(ClientLimits.STALL_LOOK_MS);
    assertThat(client.channel.isOpen()).isTrue();
    client.pass(ClientLimits.STALL_LOOK_MS);
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  void whoStandsStillWithinALineIsClosed() {
    client.say("PING\nGET ");
    client.pass(ClientLimits.STALL_LOOK_MS);
    assertThat(client.channel.isOpen()).isTrue();
    client.pass(ClientLimits.STALL_LOOK_MS);
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  void whoIsSilentAfterALineMayStay() {
    client.say("PING\n");
    for (int i = 0; i < 100; i++) {
      client.pass(ClientLimits.STALL_LOOK_MS);
    }
    assertThat(client.channel.isOpen()).isTrue();
    client.say("PING\n");
    assertThat(client.replies()).hasSize(2);
  }

  @Test
  void whoWaitsForALongAnswerMayStay() {
    client.say("GET a\n");
    for (int i = 0; i < 10; i++) {
      client.pass(ClientLimits.STALL_LOOK_MS);
    }
    client.node.pending.get(0).value("1");
    assertThat(client.replies()).containsExactly("OK: 1");
  }

  @Test
  void whoReadsNothingForLongIsClosed() {
    client.stopsReading();
    client.say("PING\n");
    client.pass(ClientLimits.STALL_LOOK_MS);
    client.pass(ClientLimits.STALL_LOOK_MS);
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  void whenTheDaemonStopsAnswersUnderWayLeaveAndNothingNewIsTaken() {
    client.say("GET a\n");
    TextConnection.finish(client.channel);
    client.channel.runPendingTasks();
    client.say("GET b\n");
    assertThat(client.node.submitted).isEqualTo(1);
    client.node.pending.get(0).value("1");
    assertThat(client.replies()).containsExactly("OK: 1");
    assertThat(client.channel.isOpen()).isFalse();
  }

  @Test
  void anAnswerAfterTheEndIsForgotten() {
    client.say("GET a\n");
    client.channel.close();
    client.node.pending.get(0).value("1");
    client.channel.runPendingTasks();
    client.channel.checkException();
    assertThat(client.replies()).isEmpty();
  }

  @Test
  void longAndShortRepliesKeepTheirBytes() {
    client.say("GET a\nGET b\nGET c\n");
    String text = "ä".repeat(70_000);
    assertThat(text.getBytes(StandardCharsets.UTF_8).length).isGreaterThan(ReplyWriter.PIECE_BYTES);
    client.node.pending.get(0).value("short");
    client.node.pending.get(1).value(text);
    client.node.pending.get(2).value("");
    assertThat(client.replies().get(0)).isEqualTo("OK: short");
  }
}
