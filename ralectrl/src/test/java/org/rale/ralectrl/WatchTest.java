package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.ralectrl.FakeServer.failing;
import static org.rale.ralectrl.FakeServer.replying;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rale.ralectrl.FakeServer.Conduct;

/** WATCH and WAIT against servers that say what they are told to. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WatchTest {
  private static String put(String key, String value, long revision) {
    return ("{\"event\":\"PUT\",\"key\":\"%s\",\"value\":\"%s\",\"revision\":%d,"
            + "\"created_revision\":%d,\"version\":1}")
        .formatted(key, value, revision, revision);
  }

  private static String delete(String key, long revision) {
    return "{\"event\":\"DELETE\",\"key\":\"%s\",\"revision\":%d}".formatted(key, revision);
  }

  private static String events(long revision, String... events) {
    return "{\"status\":\"ok\",\"events\":[%s],\"revision\":%d}"
        .formatted(String.join(",", events), revision);
  }

  /** Says these, one for each request, and closes. */
  private static Conduct saying(String... replies) {
    return peer -> {
      for (String reply : replies) {
        if (peer.read() != null) {
          peer.write(reply + "\n");
        }
      }
    };
  }

  @Test
  void aLineForEachChangeFromNowOn() throws IOException {
    try (FakeServer server =
        FakeServer.tcp(
            saying(events(7), events(9, put("a b", "x\\ny", 8), delete("a b", 9)), events(12)))) {
      new Program()
          .run("-s", server.address(), "WATCH", "a", "--count", "2")
          .printed("put 8 \"a b\" \"x\\x0ay\"\ndelete 9 \"a b\"\n");
      assertThat(server.requests().get(0)).contains("\"prefix\":\"a\"").doesNotContain("from");
      assertThat(server.requests().get(1)).contains("\"from\":7");
    }
  }

  @Test
  void whatOneStepChangedIsNotTornByTheCount() throws IOException {
    String first = put("a", "1", 8);
    String second = delete("b", 8);
    try (FakeServer server = FakeServer.tcp(saying(events(9, first, second, put("c", "2", 9))))) {
      new Program()
          .run("-s", server.address(), "-o", "json", "WATCH", "--from", "3", "--count", "1")
          .printed(first + "\n" + second + "\n");
      assertThat(server.requests().get(0)).contains("\"from\":3");
    }
  }

  @Test
  void theNextServerGoesOnWhereOneWasGoneOrQuiet() throws IOException {
    try (FakeServer first = FakeServer.tcp(saying(events(8, put("a", "1", 8))));
        FakeServer second = FakeServer.tcp(saying(events(11)));
        FakeServer third = FakeServer.tcp(saying(events(12, put("a", "2", 12))))) {
      String all = first.address() + "," + second.address() + "," + third.address();
      new Program()
          .run("-s", all, "WATCH", "--from", "3", "--count", "2")
          .printed("put 8 \"a\" \"1\"\nput 12 \"a\" \"2\"\n");
      assertThat(second.requests().get(0)).contains("\"from\":8");
      assertThat(third.requests().get(0)).contains("\"from\":11");
    }
  }

  @Test
  void aRevisionIsTooOldWhereNoServerRemembers() throws IOException {
    try (FakeServer first = FakeServer.tcp(failing("REVISION_TOO_OLD", "too old"));
        FakeServer second = FakeServer.tcp(saying(events(8, put("a", "1", 8))))) {
      new Program()
          .run("-s", first.address(), "WATCH", "--from", "3")
          .failed(5, "ralectrl: error: too old\n");
      new Program()
          .run(
              "-s",
              first.address() + "," + second.address(),
              "WATCH",
              "--from",
              "3",
              "--count",
              "1")
          .printed("put 8 \"a\" \"1\"\n");
    }
  }

  @Test
  void waitPrintsTheValueOrSaysThatTheKeyIsGone() throws IOException {
    String value =
        "{\"status\":\"ok\",\"key\":\"a\",\"value\":\"v\",\"revision\":9,"
            + "\"created_revision\":9,\"version\":1}";
    try (FakeServer server = FakeServer.tcp(replying(value));
        FakeServer late = FakeServer.tcp(failing("TIMEOUT", "not yet"), replying(value));
        FakeServer gone = FakeServer.tcp(failing("KEY_NOT_FOUND", "key not found"))) {
      new Program().run("-s", server.address(), "WAIT", "a").printed("v\n");
      new Program().run("-s", late.address(), "WAIT", "a", "8").printed("v\n");
      assertThat(late.requests()).hasSize(2).allMatch(line -> line.contains("\"revision\":8"));
      new Program()
          .run("-s", gone.address(), "WAIT", "a", "8")
          .failed(4, "ralectrl: error: key not found\n");
    }
    try (FakeServer never = FakeServer.tcp(failing("TIMEOUT", "not yet"))) {
      new Program()
          .run("-s", never.address(), "-t", "0.2", "WAIT", "a")
          .failed(3, "ralectrl: error: not yet\n");
    }
  }

  @Test
  void wrongUsage() {
    assertThat(new Program().run("WAIT").exit()).isEqualTo(2);
    assertThat(new Program().run("WAIT", "a", "x").exit()).isEqualTo(2);
    assertThat(new Program().run("WATCH", "--from", "x").exit()).isEqualTo(2);
  }
}
