package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.ralectrl.FakeServer.closingAfter;
import static org.rale.ralectrl.FakeServer.failing;
import static org.rale.ralectrl.FakeServer.replying;
import static org.rale.ralectrl.FakeServer.silent;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What happens when a server does not answer, or not as one would like. */
class FailoverTest {
  private static final String VALUE =
      "{\"status\":\"ok\",\"key\":\"k\",\"value\":\"v\",\"revision\":1,\"created_revision\":1,"
          + "\"version\":1}";
  private static final String STORED =
      "{\"status\":\"ok\",\"key\":\"k\",\"revision\":1,\"created_revision\":1,\"version\":1}";
  private static final String REMOVED = "{\"status\":\"ok\",\"node_id\":2}";

  @Test
  void theNextServerIsAskedWhenOneIsNotThere() throws IOException {
    try (FakeServer second = FakeServer.tcp(replying(VALUE))) {
      ask(FakeServer.closedAddress() + "," + second.address(), "GET", "k").printed("v\n");
    }
  }

  @Test
  void theNextServerIsAskedWhenOneClosesMidway() throws IOException {
    try (FakeServer first = FakeServer.tcp(closingAfter(1));
        FakeServer second = FakeServer.tcp(replying(VALUE))) {
      ask(first.address() + "," + second.address(), "GET", "k").printed("v\n");
      assertThat(first.requests()).hasSize(1);
    }
  }

  @Test
  void aServerThatNeverAnswersLeavesTimeForTheNextOne() throws IOException {
    try (FakeServer first = FakeServer.tcp(silent());
        FakeServer second = FakeServer.tcp(replying(VALUE))) {
      ask(first.address() + "," + second.address(), "GET", "k", "-t", "1").printed("v\n");
    }
  }

  @Test
  void aServerWithoutALeaderLeavesItToTheNextOne() throws IOException {
    try (FakeServer first = FakeServer.tcp(failing("NO_LEADER", "no leader is known"));
        FakeServer second = FakeServer.tcp(replying(REMOVED))) {
      ask(first.address() + "," + second.address(), "REMOVE", "2").printed("node 2 removed\n");
    }
  }

  @Test
  @DisplayName(
      "S-06 ADD goes to a member, not to an emptied node that would found a second cluster")
  void S_06_addGoesToAMember() throws IOException {
    String outside = FakeServer.STATUS.replaceAll("\"cluster_size\":[0-9]+", "\"cluster_size\":0");
    String added = "{\"status\":\"ok\",\"node_id\":2,\"added\":true}";
    try (FakeServer emptied =
            FakeServer.tcp(
                peer -> {
                  while (peer.read() != null) {
                    peer.write(outside + "\n");
                  }
                });
        FakeServer member = FakeServer.tcp(replying(added))) {
      ask(emptied.address() + "," + member.address(), "ADD", "2", "n2", "127.0.0.1", "1", "2");
      assertThat(emptied.requests()).noneMatch(line -> line.contains("ADD"));
      assertThat(member.requests()).anyMatch(line -> line.contains("ADD"));
    }
  }

  @Test
  void allThatWasTriedIsTold() throws IOException {
    String closed = FakeServer.closedAddress();
    try (FakeServer second = FakeServer.tcp(failing("NO_LEADER", "no leader is known"))) {
      ask(closed + "," + second.address(), "GET", "k")
          .failed(
              3,
              """
              ralectrl: error: no leader is known
              ralectrl: detail: %s: connection refused
              ralectrl: detail: %s: no leader is known
              """
                  .formatted(closed, second.address()));
    }
  }

  @Test
  @DisplayName("S-15 a change is sent again as the same change")
  void S_15_aChangeIsSentAgainAsTheSameChange() throws IOException {
    try (FakeServer first = FakeServer.tcp(closingAfter(2));
        FakeServer second = FakeServer.tcp(replying(STORED))) {
      ask(first.address() + "," + second.address(), "PUT", "k", "v").printed("OK\n");
      String sent = change(first.requests());
      String again = change(second.requests());
      assertThat(clientId(again)).isEqualTo(clientId(sent)).matches("[0-9a-f]{32}");
      assertThat(sent).contains("\"sequence\":1").doesNotContain("retry");
      assertThat(again).contains("\"sequence\":1").contains("\"retry\":true");
      // The index that STATUS gave on the connection of the first attempt.
      assertThat(again).contains("\"since\":9");
    }
  }

  @Test
  void eachRunIsAnotherClient() throws IOException {
    try (FakeServer server = FakeServer.tcp(replying(STORED))) {
      ask(server.address(), "PUT", "k", "v").printed("OK\n");
      String first = change(server.requests());
      ask(server.address(), "PUT", "k", "v").printed("OK\n");
      String second = server.requests().get(3);
      assertThat(clientId(second)).isNotEqualTo(clientId(first));
    }
  }

  @Test
  @DisplayName("S-15 a change that may have been made is not called failed")
  void S_15_aChangeThatMayHaveBeenMadeIsNotCalledFailed() throws IOException {
    try (FakeServer server = FakeServer.tcp(closingAfter(2))) {
      String note = server.address() + ": the server closed the connection without an answer";
      ask(server.address(), "PUT", "k", "v")
          .failed(
              6,
              """
              ralectrl: error: outcome unknown: the request was sent, and may or may not have been carried out
              ralectrl: detail: %s
              ralectrl: detail: %s
              ralectrl: hint: Read the key with GET before you write again.
              """
                  .formatted(note, note));
      assertThat(server.requests()).hasSize(4);
    }
  }

  @Test
  @DisplayName("S-15 a refused retry does not say that the first attempt failed")
  void S_15_aRefusedRetryDoesNotSayThatTheFirstAttemptFailed() throws IOException {
    try (FakeServer first = FakeServer.tcp(closingAfter(2));
        FakeServer second = FakeServer.tcp(failing("STORE_FULL", "the store is full"))) {
      Program.Run run = ask(first.address() + "," + second.address(), "PUT", "k", "v");
      assertThat(run.exit()).isEqualTo(6);
      assertThat(run.err()).contains("the store is full");
    }
  }

  @Test
  void aMismatchIsAnOutcomeOfTheRetryToo() throws IOException {
    try (FakeServer first = FakeServer.tcp(closingAfter(2));
        FakeServer second =
            FakeServer.tcp(failing("REVISION_MISMATCH", "revision mismatch: at revision 12"))) {
      ask(first.address() + "," + second.address(), "CAS", "k", "3", "v")
          .failed(5, "ralectrl: error: revision mismatch: at revision 12\n");
    }
  }

  @Test
  void anOutcomeThatTheServerDoesNotKnowIsAskedForAgain() throws IOException {
    try (FakeServer server =
        FakeServer.tcp(failing("UNKNOWN_OUTCOME", "outcome unknown: lost"), replying(STORED))) {
      ask(server.address(), "DELETE", "k");
      assertThat(server.requests().get(3)).contains("\"retry\":true");
    }
  }

  @Test
  void aMembershipChangeIsNeverSentTwice() throws IOException {
    try (FakeServer first = FakeServer.tcp(closingAfter(1));
        FakeServer second = FakeServer.tcp(replying(REMOVED))) {
      ask(first.address() + "," + second.address(), "REMOVE", "2")
          .failed(
              6,
              """
              ralectrl: error: outcome unknown: the request was sent, and may or may not have been carried out
              ralectrl: detail: %s: the server closed the connection without an answer
              ralectrl: hint: See with LIST whether the node is a member before you repeat it.
              """
                  .formatted(first.address()));
      assertThat(second.requests()).isEmpty();
    }
  }

  @Test
  void aMembershipChangeThatNobodyGotIsSentToTheNext() throws IOException {
    try (FakeServer second = FakeServer.tcp(replying(REMOVED))) {
      ask(FakeServer.closedAddress() + "," + second.address(), "REMOVE", "2")
          .printed("node 2 removed\n");
    }
  }

  @Test
  void aReadThatIsNeverAnsweredEndsInTime() throws IOException {
    try (FakeServer server = FakeServer.tcp(silent())) {
      ask(server.address(), "GET", "k", "--timeout", "0.3")
          .failed(
              3,
              """
              ralectrl: error: no answer within 300 ms
              ralectrl: detail: %s: no answer in time
              ralectrl: hint: Give it more time with --timeout, or name another server with --server.
              """
                  .formatted(server.address()));
    }
  }

  @Test
  void aChangeThatIsNeverAnsweredIsUnknown() throws IOException {
    try (FakeServer server = FakeServer.tcp(silent())) {
      assertThat(ask(server.address(), "PUT", "k", "v", "--timeout", "0.3").exit()).isEqualTo(6);
    }
  }

  @Test
  void theServerGetsALittleLessTimeThanThereIs() throws IOException {
    try (FakeServer server = FakeServer.tcp(replying(VALUE))) {
      ask(server.address(), "GET", "k", "--timeout", "2").printed("v\n");
      Matcher time = Pattern.compile("\"timeout_ms\":([0-9]+)").matcher(server.requests().get(0));
      assertThat(time.find()).isTrue();
      assertThat(Integer.parseInt(time.group(1))).isBetween(1, 1800);
    }
  }

  @Test
  void aConnectionThatIsRefusedWithAReasonIsNoUnknownOutcome() throws IOException {
    FakeServer.Conduct full =
        peer ->
            peer.write("{\"status\":\"error\",\"code\":\"OVERLOADED\",\"message\":\"too many\"}\n");
    try (FakeServer server = FakeServer.tcp(full)) {
      ask(server.address(), "PUT", "k", "v").failed(1, "ralectrl: error: too many\n");
    }
  }

  @Test
  void aReplyThatIsNoneIsToldAsSuch() throws IOException {
    try (FakeServer server = FakeServer.tcp(replying("HTTP/1.1 400 Bad Request"))) {
      Program.Run run = ask(server.address(), "GET", "k");
      assertThat(run.exit()).isEqualTo(3);
      assertThat(run.err()).contains("the reply is not understood: ");
    }
  }

  private static Program.Run ask(String servers, String... words) {
    String[] arguments = new String[words.length + 2];
    arguments[0] = "--server";
    arguments[1] = servers;
    System.arraycopy(words, 0, arguments, 2, words.length);
    return new Program().run(arguments);
  }

  private static String change(List<String> requests) {
    return requests.stream().filter(line -> line.contains("\"PUT\"")).findFirst().orElseThrow();
  }

  private static String clientId(String request) {
    Matcher id = Pattern.compile("\"client_id\":\"([^\"]*)\"").matcher(request);
    assertThat(id.find()).isTrue();
    return id.group(1);
  }
}
