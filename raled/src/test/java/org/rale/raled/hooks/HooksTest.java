package org.rale.raled.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raled.config.NodeConfig.HookCommands;
import org.rale.replica.ClusterView;
import org.rale.wire.Identity;
import org.slf4j.LoggerFactory;

/** Hooks run one at a time, the latest state wins, and none of them stops anything. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HooksTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path home;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          said.add(event.getLevel() + " " + event.getFormattedMessage());
        }
      };
  private final Logger logger = (Logger) LoggerFactory.getLogger(Hooks.class.getPackageName());
  private Hooks hooks;

  @BeforeEach
  void listen() {
    appender.start();
    logger.addAppender(appender);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void end() throws InterruptedException {
    if (hooks != null) {
      hooks.stop(Duration.ZERO);
    }
    logger.setLevel(null);
    logger.detachAppender(appender);
  }

  private HookCommands commands(String role, String membership, Duration timeout) {
    String cd = "cd '" + home + "'; ";
    return new HookCommands(
        role.isEmpty() ? "" : cd + role, membership.isEmpty() ? "" : cd + membership, timeout);
  }

  private void begin(String role, String membership, Duration timeout) {
    hooks = new Hooks("node1", "blue", commands(role, membership, timeout));
    hooks.start();
  }

  /** Node 1 of so many members. */
  private static ClusterView view(int leader, long term, int members) {
    List<Member> all = new ArrayList<>();
    for (int id = 1; id <= members; id++) {
      all.add(new Member(id, "node" + id, "10.0.0." + id, 7400, 7401, id, true));
    }
    return new ClusterView(new Identity(9, 1, 7), new Membership(all), List.of(), leader, term);
  }

  private String read(String name) {
    try {
      Path file = home.resolve(name);
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONG);
      LockSupport.parkNanos(5_000_000);
    }
  }

  private boolean logged(String text) {
    return said.stream().anyMatch(line -> line.contains(text));
  }

  @Test
  void eachIsToldOfWhatIsNewsToIt() {
    begin(
        "echo $RALE_HOOK $RALE_NODE_ID $RALE_NODE_NAME $RALE_CLUSTER_NAME $RALE_ROLE >>role",
        "echo $RALE_HOOK $RALE_VOTERS >>members",
        LONG);
    hooks.saw(view(1, 5, 2));
    await(() -> read("members").equals("on_membership_change 1 2\n"));
    assertThat(read("role")).isEqualTo("on_role_change 1 node1 blue leader\n");
    hooks.saw(view(1, 5, 2));
    hooks.saw(view(1, 5, 3));
    await(() -> read("members").endsWith("on_membership_change 1 2 3\n"));
    hooks.saw(view(2, 6, 3));
    await(() -> read("role").endsWith("\non_role_change 1 node1 blue follower\n"));
    assertThat(read("members").lines()).hasSize(2);
    assertThat(read("role").lines()).hasSize(2);
  }

  @Test
  void theLatestStateWins() throws IOException {
    begin("echo $RALE_TERM >>terms; while [ ! -e go ]; do sleep 0.02; done", "", LONG);
    hooks.saw(view(1, 5, 3));
    await(() -> read("terms").equals("5\n"));
    for (long term = 6; term <= 60; term++) {
      hooks.saw(view(1 + (int) (term % 2), term, 3));
    }
    assertThat(read("terms")).as("one at a time").isEqualTo("5\n");
    Files.writeString(home.resolve("go"), "");
    await(() -> read("terms").equals("5\n60\n"));
    hooks.saw(view(1, 61, 3));
    await(() -> read("terms").equals("5\n60\n61\n"));
  }

  @Test
  void oneThatHangsIsEndedWithAllThatItStarted() {
    begin("sleep 1000 & echo $! >child; wait", "echo >members", Duration.ofMillis(300));
    hooks.saw(view(1, 5, 3));
    await(() -> !read("members").isEmpty());
    assertThat(logged("WARN on_role_change failed with 143 after ")).isTrue();
    long child = Long.parseLong(read("child").strip());
    await(() -> ProcessHandle.of(child).isEmpty());
  }

  @Test
  void oneThatTakesNoNoticeOfTermIsKilled() {
    begin("trap '' TERM; echo >up; sleep 1000", "echo >members", Duration.ofMillis(300));
    hooks.saw(view(1, 5, 3));
    await(() -> !read("members").isEmpty());
    assertThat(logged("WARN on_role_change failed with 137 after ")).isTrue();
  }

  @Test
  void oneThatFailsIsLoggedAndTheNextOneRuns() {
    begin("echo out; echo err >&2; exit 3", "echo >members", LONG);
    hooks.saw(view(1, 5, 3));
    await(() -> !read("members").isEmpty());
    assertThat(said)
        .contains("INFO on_role_change says: out", "INFO on_role_change says: err")
        .anyMatch(line -> line.startsWith("WARN on_role_change failed with 3 after "));
  }

  @Test
  void whatIsLeftBehindHoldsNothingUp() {
    begin("echo before; (while [ ! -e go ]; do sleep 0.05; done) & exit 0", "echo >members", LONG);
    try {
      hooks.saw(view(1, 5, 3));
      await(() -> !read("members").isEmpty());
      assertThat(logged("on_role_change says: before")).isTrue();
      assertThat(logged("INFO on_role_change ended with 0 after ")).isTrue();
    } finally {
      assertThat(home.resolve("go").toFile().mkdir()).isTrue();
    }
  }

  /** So what is left of a run in this process does not depend on what the hook leaves behind. */
  @Test
  void whatIsLeftBehindFindsItsOutputClosed() throws IOException {
    begin(
        "(trap '' PIPE; while [ ! -e go ]; do sleep 0.02; done; echo x || echo >closed) & exit 0",
        "echo >members",
        LONG);
    hooks.saw(view(1, 5, 3));
    await(() -> !read("members").isEmpty());
    Files.writeString(home.resolve("go"), "");
    await(() -> !read("closed").isEmpty());
  }

  @Test
  void oneThatSaysMoreThanAPipeHoldsIsHeardToItsEnd() {
    begin("seq 1 100000; exit 3", "", LONG);
    hooks.saw(view(1, 5, 3));
    await(() -> logged("on_role_change failed with 3 after "));
    assertThat(said)
        .contains("INFO on_role_change says: 100", "INFO on_role_change says: (99900 more lines)");
  }

  @Test
  void eachIsToldWhatIsKnownWhenItBegins() throws IOException {
    begin("echo >up; while [ ! -e go ]; do sleep 0.02; done", "echo $RALE_VOTERS >>members", LONG);
    hooks.saw(view(1, 5, 2));
    await(() -> !read("up").isEmpty());
    hooks.saw(view(1, 5, 3));
    Files.writeString(home.resolve("go"), "");
    await(() -> !read("members").isEmpty());
    assertThat(read("members")).isEqualTo("1 2 3\n");
  }

  @Test
  void oneThatCouldNotBeStartedWasNotTold() {
    begin("true " + "x".repeat(200_000), "", LONG);
    hooks.saw(view(1, 5, 3));
    await(() -> logged("WARN on_role_change can't be run, and is tried again: "));
    hooks.configure(commands("echo $RALE_ROLE >>role", "", LONG));
    await(() -> read("role").equals("leader\n"));
  }

  @Test
  void whatIsSetLaterIsRunWithWhatIsKnown() {
    begin("", "", LONG);
    hooks.saw(view(2, 5, 3));
    hooks.configure(commands("echo $RALE_ROLE >>role", "", LONG));
    await(() -> read("role").equals("follower\n"));
    hooks.configure(commands("echo again $RALE_ROLE >>role", "", LONG));
    hooks.saw(view(1, 6, 3));
    await(() -> read("role").equals("follower\nagain leader\n"));
  }

  @Test
  void theEndIsTheLastThingTheyAreTold() throws InterruptedException {
    begin("echo $RALE_ROLE >>role", "echo >>members", LONG);
    hooks.saw(view(1, 5, 3));
    await(() -> !read("members").isEmpty());
    hooks.stop(LONG);
    assertThat(read("role")).isEqualTo("leader\nstopped\n");
    assertThat(read("members").lines()).hasSize(1);
  }

  @Test
  void theEndWaitsForNoneThatHangs() throws InterruptedException {
    begin("trap '' TERM; echo $$ >up; sleep 1000", "", LONG);
    hooks.saw(view(1, 5, 3));
    await(() -> !read("up").isEmpty());
    hooks.stop(Duration.ofMillis(200));
    long shell = Long.parseLong(read("up").strip());
    await(() -> ProcessHandle.of(shell).isEmpty());
    assertThat(logged("the hook that ran was killed, as raled ends")).isTrue();
  }

  @Test
  void whoIsInAHurryWaitsForNone() throws InterruptedException {
    begin("trap '' TERM; echo $$ >up; sleep 1000", "", LONG);
    hooks.saw(view(1, 5, 3));
    await(() -> !read("up").isEmpty());
    Thread hurry =
        new Thread(
            () -> {
              while (!logged("was killed")) {
                hooks.hurry();
                LockSupport.parkNanos(5_000_000);
              }
            });
    hurry.start();
    hooks.stop(LONG.multipliedBy(10));
    hurry.join();
    assertThat(logged("the hook that ran was killed, as raled ends")).isTrue();
  }
}
