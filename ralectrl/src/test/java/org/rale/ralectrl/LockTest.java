package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How LOCK gets a lock, and what it does where it is not told how that ended. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LockTest {
  private static final String FREE =
      "{\"status\":\"error\",\"code\":\"KEY_NOT_FOUND\",\"message\":\"key not found\"}";
  private static final String UNKNOWN =
      "{\"status\":\"error\",\"code\":\"UNKNOWN_OUTCOME\",\"message\":\"outcome unknown\"}";
  private static final String GRANTED = "{\"status\":\"ok\",\"lease\":17,\"ttl_ms\":10000}";
  private static final String REVOKED =
      "{\"status\":\"ok\",\"lease\":17,\"deleted\":1,\"revision\":40}";
  private static final String TAKEN =
      "{\"status\":\"ok\",\"succeeded\":true,\"revision\":33,\"results\":[{\"command\":\"PUT\","
          + "\"key\":\"lock/a\",\"revision\":33,\"created_revision\":33,\"version\":1}]}";
  private static final Pattern HOLDER = Pattern.compile("\"value\":\"(host=[^\"]* lease=17)\"");

  private static String heldBy(String holder) {
    return "{\"status\":\"ok\",\"key\":\"lock/a\",\"value\":\"%s\",\"revision\":33,"
            .formatted(holder)
        + "\"created_revision\":33,\"version\":1}";
  }

  /** A cluster with one lock. */
  private static final class OneLock implements FakeServer.Conduct {
    private final String toTxn;
    private String toRevoke = REVOKED;
    private String moment = "never";
    private Runnable then = () -> {};
    private String state;
    private String afterTxn;

    /**
     * @param state what GET says at first
     * @param toTxn what TXN says
     * @param afterTxn what GET says from then on; %s is what the TXN would write
     */
    OneLock(String state, String toTxn, String afterTxn) {
      this.state = state;
      this.toTxn = toTxn;
      this.afterTxn = afterTxn;
    }

    OneLock revoking(String reply) {
      toRevoke = reply;
      return this;
    }

    /** Does that before it answers such a request. */
    OneLock at(String words, Runnable action) {
      moment = words;
      then = action;
      return this;
    }

    @Override
    public void serve(FakeServer.Peer peer) throws IOException {
      for (String line = peer.read(); line != null; line = peer.read()) {
        if (line.contains(moment)) {
          then.run();
        }
        peer.write(answer(line) + "\n");
      }
    }

    private String answer(String line) {
      if (line.contains("\"command\":\"STATUS\"")) {
        return FakeServer.STATUS;
      }
      if (line.contains("\"command\":\"LEASE GRANT\"")) {
        return GRANTED;
      }
      if (line.contains("\"command\":\"LEASE REVOKE\"")) {
        return toRevoke;
      }
      if (line.startsWith("{\"command\":\"TXN\"")) {
        Matcher holder = HOLDER.matcher(line);
        assertThat(holder.find()).as(line).isTrue();
        state = afterTxn.formatted(holder.group(1));
        return toTxn;
      }
      return state;
    }
  }

  private static Program.Run lock(FakeServer server, String... words) {
    String[] all = new String[words.length + 4];
    System.arraycopy(new String[] {"--server", server.address(), "LOCK", "a"}, 0, all, 0, 4);
    System.arraycopy(words, 0, all, 4, words.length);
    return new Program().with("PATH", System.getenv("PATH")).run(all);
  }

  private static List<String> verbs(FakeServer server) {
    return server.requests().stream()
        .map(line -> line.replaceAll("\\{\"command\":\"([A-Z ]+)\".*", "$1"))
        .filter(verb -> !verb.equals("STATUS"))
        .toList();
  }

  @Test
  void theCommandRunsBetweenTheTxnAndTheRevoke() throws IOException {
    try (FakeServer server = FakeServer.tcp(new OneLock(FREE, TAKEN, heldBy("%s")))) {
      Program.Run run =
          lock(
              server,
              "--",
              "sh",
              "-c",
              "exec test \"$RALE_LOCK_NAME $RALE_LOCK_KEY $RALE_LOCK_TOKEN $RALE_LOCK_LEASE\""
                  + " = 'a lock/a 33 17'");
      run.printed("");
      assertThat(verbs(server)).containsExactly("GET", "LEASE GRANT", "TXN", "LEASE REVOKE");
      String txn = server.requests().get(4);
      assertThat(txn)
          .startsWith(
              "{\"command\":\"TXN\",\"compare\":[{\"key\":\"lock/a\",\"op\":\"=\",\"exists\":false}],"
                  + "\"then\":[{\"command\":\"PUT\",\"key\":\"lock/a\",\"value\":\"host=")
          .contains(" pid=" + ProcessHandle.current().pid() + " lease=17\",\"lease\":17}],")
          .contains("\"client_id\":\"");
    }
  }

  @Test
  void theExitCodeIsTheCommands() throws IOException {
    try (FakeServer server = FakeServer.tcp(new OneLock(FREE, TAKEN, heldBy("%s")))) {
      assertThat(lock(server, "--", "sh", "-c", "exit 121").exit()).isEqualTo(121);
    }
    try (FakeServer server = FakeServer.tcp(new OneLock(FREE, TAKEN, heldBy("%s")))) {
      assertThat(lock(server, "--", "sh", "-c", "kill -KILL $$").exit()).isEqualTo(137);
      assertThat(verbs(server)).endsWith("LEASE REVOKE");
    }
  }

  @Test
  void aLockThatIsHeldIsNotAskedFor() throws IOException {
    try (FakeServer server = FakeServer.tcp(new OneLock(heldBy("host=db1 pid=7"), TAKEN, "%s"))) {
      lock(server, "--", "true")
          .failed(
              121,
              """
              ralectrl: error: the lock "a" is held by somebody else
              ralectrl: detail: Holder: host=db1 pid=7
              ralectrl: hint: Wait for it with --wait SECONDS.
              """);
      assertThat(verbs(server)).containsExactly("GET");
    }
  }

  /** The answer was lost, and the key is ours: the lease in it is nobody else's. */
  @Test
  void anUnknownOutcomeIsSettledByOurOwnKey() throws IOException {
    try (FakeServer server = FakeServer.tcp(new OneLock(FREE, UNKNOWN, heldBy("%s")))) {
      lock(server, "--", "sh", "-c", "exec test \"$RALE_LOCK_TOKEN\" = 33").printed("");
      assertThat(verbs(server))
          .containsExactly("GET", "LEASE GRANT", "TXN", "TXN", "GET", "LEASE REVOKE");
    }
  }

  /** It may come yet: by then its lease must be gone. */
  @Test
  void anUnknownOutcomeOfWhichNothingIsSeenIsPutOutOfTheWorld() throws IOException {
    try (FakeServer server = FakeServer.tcp(new OneLock(FREE, UNKNOWN, FREE))) {
      Program.Run run = lock(server, "--", "true");
      assertThat(run.exit()).isEqualTo(125);
      assertThat(run.err()).doesNotContain("held by somebody else").contains("outcome unknown");
      assertThat(verbs(server))
          .containsExactly("GET", "LEASE GRANT", "TXN", "TXN", "GET", "LEASE REVOKE");
    }
    try (FakeServer server = FakeServer.tcp(new OneLock(FREE, UNKNOWN, heldBy("other")))) {
      assertThat(lock(server, "--", "true").exit()).isEqualTo(121);
      assertThat(verbs(server)).endsWith("LEASE REVOKE");
    }
  }

  /** Somebody revoked it after the last KEEPALIVE: the next holder may have been there already. */
  @Test
  void aLeaseThatIsGoneWhenItIsGivenBackWasLost() throws IOException {
    String gone =
        "{\"status\":\"error\",\"code\":\"LEASE_NOT_FOUND\",\"message\":\"lease not found: 17\"}";
    try (FakeServer server =
        FakeServer.tcp(new OneLock(FREE, TAKEN, heldBy("%s")).revoking(gone))) {
      lock(server, "--", "true")
          .failed(
              122,
              "ralectrl: warning: the lock was lost before the command ended: somebody ended its"
                  + " lease\n");
    }
  }

  @Test
  void aLockThatCannotBeGivenBackIsAWarning() throws IOException {
    String refused = "{\"status\":\"error\",\"code\":\"INTERNAL\",\"message\":\"no\"}";
    try (FakeServer server =
        FakeServer.tcp(new OneLock(FREE, TAKEN, heldBy("%s")).revoking(refused))) {
      lock(server, "--", "sh", "-c", "exit 3")
          .failed(
              3,
              "ralectrl: warning: the lock \"a\" was not given back, and stays until its 10 s are"
                  + " over: no\n");
    }
  }

  /** A full disk, or a reader that has gone. */
  @Test
  void aStandardErrorThatFailsChangesNoExitCode() throws IOException {
    String refused = "{\"status\":\"error\",\"code\":\"INTERNAL\",\"message\":\"no\"}";
    try (FakeServer server =
        FakeServer.tcp(new OneLock(FREE, TAKEN, heldBy("%s")).revoking(refused))) {
      assertThat(mutely(server, "sh", "-c", "exit 3")).isEqualTo(3);
    }
    try (FakeServer server = FakeServer.tcp(new OneLock(heldBy("other"), TAKEN, "%s"))) {
      assertThat(mutely(server, "true")).isEqualTo(121);
    }
  }

  private static int mutely(FakeServer server, String... command) {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int each) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    List<String> words = new ArrayList<>(List.of("-s", server.address(), "LOCK", "a", "--"));
    words.addAll(List.of(command));
    return new Ralectrl(
            Map.of("PATH", System.getenv("PATH")),
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            broken,
            /* terminal= */ false)
        .run(words.toArray(String[]::new));
  }

  /** By then the cluster has granted the lock, and the command must not begin. */
  @Test
  void aSignalWhileTheLockIsTakenIsTheEnd() throws IOException {
    for (String when : List.of("LEASE GRANT", "TXN")) {
      OneLock conduct =
          new OneLock(FREE, TAKEN, heldBy("%s")).at("\"command\":\"" + when, () -> raise("TERM"));
      try (FakeServer server = FakeServer.tcp(conduct)) {
        Program.Run run = lock(server, "--wait", "50", "--", "sh", "-c", "echo never >&2; exit 9");
        assertThat(run.exit()).as(when).isEqualTo(143);
        assertThat(verbs(server)).as(when).endsWith("LEASE REVOKE");
      }
    }
  }

  @Test
  void aSignalToWhoWaitsIsTheEnd() throws IOException {
    OneLock conduct =
        new OneLock(heldBy("other"), TAKEN, "%s").at("\"command\":\"GET", () -> raise("TERM"));
    try (FakeServer server = FakeServer.tcp(conduct)) {
      assertThat(lock(server, "--wait", "1000", "--", "true").exit()).isEqualTo(143);
      assertThat(verbs(server)).containsExactly("GET");
    }
  }

  /** As the virtual machine does it for a signal to this process, but done when it returns. */
  private static void raise(String name) {
    try {
      Class<?> signalType = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object signal = signalType.getConstructor(String.class).newInstance(name);
      Method handle = signalType.getMethod("handle", signalType, handlerType);
      Object handler = handle.invoke(null, signal, handlerType.getField("SIG_DFL").get(null));
      handle.invoke(null, signal, handler);
      handlerType.getMethod("handle", signalType).invoke(handler, signal);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void itWaitsUntilTheLockIsFree() throws IOException {
    FakeServer.Conduct held = FakeServer.replying(heldBy("other"));
    FakeServer.Conduct free = new OneLock(FREE, TAKEN, heldBy("%s"));
    try (FakeServer server = FakeServer.tcp(held, held, free)) {
      lock(server, "--wait", "50", "--", "true").printed("");
      assertThat(verbs(server))
          .containsExactly("GET", "GET", "GET", "LEASE GRANT", "TXN", "LEASE REVOKE");
    }
  }

  @Test
  void withoutAServerNothingIsStarted() throws IOException {
    Program.Run run =
        new Program()
            .with("PATH", System.getenv("PATH"))
            .run("-s", FakeServer.closedAddress(), "LOCK", "a", "--", "true");
    assertThat(run.exit()).isEqualTo(125);
    assertThat(run.err()).startsWith("ralectrl: error: no server could be reached\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no/such/command|127|there is no command \"no/such/command\"",
        "nosuchcommand|127|there is no command \"nosuchcommand\"",
        "''|127|there is no command \"\"",
        "/etc/passwd|126|the command \"/etc/passwd\" can't be executed",
        "/etc|126|the command \"/etc\" can't be executed"
      })
  void aCommandThatCannotRunIsNotWaitedFor(String command, int exit, String message) {
    new Program()
        .with("PATH", System.getenv("PATH"))
        .run("LOCK", "a", "--", command)
        .failed(
            exit,
            "ralectrl: error: %s\nralectrl: hint: Name a program; what is of the shell goes by sh -c.\n"
                .formatted(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LOCK|LOCK: -- is missing before the command",
        "LOCK a true|LOCK: -- is missing before the command",
        "LOCK -- true|LOCK: 1 NAME is expected before --, but there are 0",
        "LOCK a b -- true|LOCK: 1 NAME is expected before --, but there are 2",
        "LOCK a --|LOCK: COMMAND is missing behind --",
        "LOCK a --ttl 0.5 -- true|invalid value for --ttl: \"0.5\"",
        "LOCK a --wait -1 -- true|invalid value for --wait: \"-1\"",
        "LOCK a --wait 86401 -- true|invalid value for --wait: \"86401\"",
        "LOCK a --frob -- true|LOCK: unknown option --frob"
      })
  void wrongUsage(String line, String message) {
    Program.Run run = new Program().run(line.split(" "));
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("ralectrl: error: " + message + "\nralectrl: hint: ");
  }
}
