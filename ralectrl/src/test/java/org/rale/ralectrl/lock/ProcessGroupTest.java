package org.rale.ralectrl.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether something of a command is left, and that nothing is behind its end. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessGroupTest {
  @TempDir Path home;
  private final CountDownLatch ended = new CountDownLatch(1);

  private ProcessGroup begun(String script) throws IOException {
    ProcessGroup group = ProcessGroup.guarded();
    group.begin(
        List.of("sh", "-c", script), Map.of("HOME_OF_TEST", home.toString()), ended::countDown);
    return group;
  }

  /** One that makes the next one and ends, all the time: each is there for a moment only. */
  @Test
  void oneThatForksAllTheTimeIsNeverGone() throws Exception {
    Path script =
        Files.writeString(
            home.resolve("s"),
            """
            n=$1
            [ $n -gt 0 ] || { echo >"$HOME_OF_TEST/done"; exit 0; }
            sh "$0" $((n - 1)) & exit 0
            """);
    ProcessGroup group = begun("exec sh '" + script + "' 500");
    ended.await();
    while (!group.isGone()) {
      Thread.onSpinWait();
    }
    assertThat(home.resolve("done")).exists();
    assertThat(group.end()).isTrue();
  }

  @Test
  void whatIsLeftIsKilledAtTheEnd() throws Exception {
    ProcessGroup group =
        begun("trap '' TERM HUP INT; sleep 1000 & echo $! >\"$HOME_OF_TEST/pid\"; exit 4");
    ended.await();
    assertThat(group.exitCode()).isEqualTo(4);
    assertThat(group.isGone()).isFalse();
    assertThat(group.end()).isTrue();
    long child = Long.parseLong(Files.readString(home.resolve("pid")).strip());
    Path stat = Path.of("/proc/" + child + "/stat");
    assertThat(!Files.exists(stat) || Files.readString(stat).contains(") Z ")).isTrue();
  }

  @Test
  void whatWasNotStartedIsGone() throws Exception {
    ProcessGroup group = ProcessGroup.guarded();
    assertThat(group.isGone()).isTrue();
    assertThatThrownBy(() -> group.begin(List.of("a\0b"), Map.of(), ended::countDown))
        .isInstanceOf(IOException.class);
    assertThat(group.isGone()).isTrue();
    assertThat(group.end()).isTrue();
  }
}
