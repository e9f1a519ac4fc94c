package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.rale.raft.Member;

final class DialerTest {
  private static final Member MEMBER = new Member(2, "node2", "db2.test", 7410, 7411, 9, true);

  private final FakeLine line = new FakeLine();
  private final Dialer dialer = new Dialer(MEMBER, line, new Random(1));

  @Test
  void resolvesConnectsAndTellsTheAddress() {
    dialer.wake();
    line.answers.remove(0).accept(new HostResolver.Answer.Found(InetAddress.getLoopbackAddress()));
    assertThat(line.connects)
        .containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), 7411));
    assertThat(line.found).containsExactly(InetAddress.getLoopbackAddress());
  }

  @Test
  void aNameThatIsNotKnownIsAFailureAndIsAskedAgain() {
    dialer.wake();
    line.answers.remove(0).accept(new HostResolver.Answer.Unknown("no such name"));
    assertThat(line.failures).containsExactly("no such name");
    line.runTimer();
    assertThat(line.answers).hasSize(1);
  }

  @Test
  void failedConnectionsAreTriedAgainAfterLongerWaits() {
    dialer.wake();
    for (int i = 0; i < 10; i++) {
      connectFails();
      line.runTimer();
    }
    assertThat(line.waits.get(0)).isLessThanOrEqualTo(50);
    assertThat(line.waits.get(9)).isBetween(500L, 1_000L);
    assertThat(line.failures).hasSize(10).allMatch(reason -> reason.contains("refused"));
  }

  @Test
  void aWakeUpDialsWithoutWaitingAndOnlyOnce() {
    dialer.wake();
    connectFails();
    dialer.wake();
    dialer.wake();
    assertThat(line.answers).hasSize(1);
    assertThat(line.lastTimer.isCancelled()).isTrue();
  }

  @Test
  void whoIsHeardAgainIsDialledAnewWhereTheAttemptHangs() {
    line.channel = new Connecting();
    dialer.wake();
    line.answers.remove(0).accept(new HostResolver.Answer.Found(InetAddress.getLoopbackAddress()));
    ChannelPromise hanging = line.lastConnect;
    line.channel
        .closeFuture()
        .addListener(done -> hanging.setFailure(new ClosedChannelException()));

    dialer.heardAgain();
    line.channel.runPendingTasks();
    assertThat(hanging.isDone()).isTrue();
    assertThat(line.answers).hasSize(1);
    assertThat(line.failures).isEmpty();
    assertThat(line.waits).isEmpty();
    // The next one fails as any other.
    line.channel = new EmbeddedChannel();
    connectFails();
    assertThat(line.failures).hasSize(1);
    assertThat(line.waits).hasSize(1);
  }

  @Test
  void anAttemptThatGotThroughGoesOnWhenItsPeerIsHeardAgain() {
    dialer.wake();
    line.answers.remove(0).accept(new HostResolver.Answer.Found(InetAddress.getLoopbackAddress()));
    dialer.heardAgain();
    assertThat(line.channel.isOpen()).isTrue();
    assertThat(line.answers).isEmpty();
    connectFails(line.lastConnect);
    dialer.heardAgain();
    assertThat(line.answers).hasSize(1);
  }

  /** A channel whose first packet has no answer yet. */
  private static final class Connecting extends EmbeddedChannel {
    @Override
    public boolean isActive() {
      return false;
    }
  }

  @Test
  void aLinkThatStoodLongIsRedialledSoonAndAShortOneIsNot() {
    dialer.wake();
    for (int i = 0; i < 6; i++) {
      connectFails();
      line.runTimer();
    }
    dialer.linkStands();
    dialer.linkLost(TimeUnit.MILLISECONDS.toNanos(10));
    assertThat(line.lastWait()).isGreaterThan(400);

    line.runTimer();
    dialer.linkStands();
    dialer.linkLost(TimeUnit.SECONDS.toNanos(2));
    assertThat(line.lastWait()).isLessThanOrEqualTo(50);
  }

  @Test
  void aRefusalIsFollowedByTheLongestWait() {
    dialer.wake();
    dialer.attemptFailed(true);
    assertThat(line.lastWait()).isBetween(500L, 1_000L);
  }

  @Test
  void aStoppedOneDialsNoMore() {
    dialer.wake();
    dialer.stop();
    line.answers.remove(0).accept(new HostResolver.Answer.Found(InetAddress.getLoopbackAddress()));
    dialer.wake();
    dialer.linkLost(0);
    dialer.attemptFailed(false);
    assertThat(line.connects).isEmpty();
    assertThat(line.waits).isEmpty();
  }

  private void connectFails() {
    line.answers.remove(0).accept(new HostResolver.Answer.Found(InetAddress.getLoopbackAddress()));
    connectFails(line.lastConnect);
  }

  private void connectFails(ChannelPromise connect) {
    connect.setFailure(new IOException("connection refused"));
    line.channel.runPendingTasks();
  }

  /** The world, as far as a dialler sees it. */
  private static final class FakeLine implements Dialer.Line {
    private EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Consumer<HostResolver.Answer>> answers = new ArrayList<>();
    private final List<InetAddress> found = new ArrayList<>();
    private final List<InetSocketAddress> connects = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<Long> waits = new ArrayList<>();
    private ChannelPromise lastConnect = channel.newPromise();
    private Runnable timer = () -> {};
    private ScheduledFuture<?> lastTimer;

    @Override
    public void resolve(String host, Consumer<HostResolver.Answer> answer) {
      assertThat(host).isEqualTo("db2.test");
      answers.add(answer);
    }

    @Override
    public void found(Dialer dialer, InetAddress address) {
      found.add(address);
    }

    @Override
    public ChannelFuture connect(Dialer dialer, InetSocketAddress address) {
      connects.add(address);
      lastConnect = channel.newPromise();
      return lastConnect;
    }

    @Override
    public void failed(Dialer dialer, String reason) {
      failures.add(reason);
    }

    @Override
    public java.util.concurrent.ScheduledFuture<?> schedule(Runnable work, long delayMs) {
      waits.add(delayMs);
      timer = work;
      ScheduledFuture<?> future =
          GlobalEventExecutor.INSTANCE.schedule(() -> {}, 1, TimeUnit.HOURS);
      lastTimer = future;
      return future;
    }

    private void runTimer() {
      timer.run();
    }

    private long lastWait() {
      return waits.get(waits.size() - 1);
    }
  }
}
