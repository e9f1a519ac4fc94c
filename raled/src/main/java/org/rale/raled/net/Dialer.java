package org.rale.raled.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rale.raft.Member;

/**
 * Keeps trying to have a dialled link to one member at one address. Belongs to home.
 *
 * <pre>
 *   RESTING --timer, wake--> TRYING --linkStands--> LINKED --linkLost--> RESTING
 *                            TRYING --attemptFailed--> RESTING
 *                            TRYING --heardAgain--> TRYING
 * </pre>
 */
final class Dialer {
  /** A link that stood this long was a good one: the next loss is redialled at once. */
  private static final long GOOD_LINK_NANOS = 1_000_000_000L;

  private enum State {
    RESTING,
    TRYING,
    LINKED,
    STOPPED
  }

  /** What the dialler needs of its surroundings. */
  interface Line {
    void resolve(String host, Consumer<HostResolver.Answer> answer);

    /** The member's address became known, perhaps anew. */
    void found(Dialer dialer, InetAddress address);

    /** The channel starts its handshake by itself once it is connected. */
    ChannelFuture connect(Dialer dialer, InetSocketAddress address);

    void failed(Dialer dialer, String reason);

    @Nullable ScheduledFuture<?> schedule(Runnable work, long delayMs);
  }

  private final Member member;
  private final Line line;
  private final Backoff backoff;
  private State state = State.RESTING;
  private @Nullable ScheduledFuture<?> retry;
  private @Nullable Channel attempt;

  /** The attempt was given up for another one. */
  private boolean anew;

  Dialer(Member member, Line line, RandomGenerator random) {
    this.member = member;
    this.line = line;
    this.backoff = new Backoff(random);
  }

  Member member() {
    return member;
  }

  /** Dials now where it was waiting to. */
  void wake() {
    if (state == State.RESTING) {
      ScheduledFuture<?> waiting = retry;
      if (waiting != null) {
        waiting.cancel(false);
      }
      dial();
    }
  }

  /**
   * The network lets the member through again. An attempt that got no answer until now waits for
   * the kernel to repeat itself, after a second or more: another one is sooner.
   */
  void heardAgain() {
    Channel channel = attempt;
    if (state == State.TRYING && channel != null && !channel.isActive()) {
      anew = true;
      channel.close();
    } else {
      wake();
    }
  }

  void stop() {
    ScheduledFuture<?> waiting = retry;
    if (waiting != null) {
      waiting.cancel(false);
    }
    boolean trying = state == State.TRYING;
    state = State.STOPPED;
    Channel channel = attempt;
    if (trying && channel != null) {
      channel.close();
    }
  }

  void linkStands() {
    state = State.LINKED;
    attempt = null;
  }

  void linkLost(long stoodNanos) {
    if (state == State.LINKED) {
      if (stoodNanos >= GOOD_LINK_NANOS) {
        backoff.reset();
      }
      rest();
    }
  }

  /** The member was reached and refused, or said nothing of use. */
  void attemptFailed(boolean refused) {
    if (state == State.TRYING) {
      if (refused) {
        backoff.slowest();
      }
      rest();
    }
  }

  private void rest() {
    state = State.RESTING;
    attempt = null;
    retry = line.schedule(this::wake, backoff.nextMs());
  }

  private void dial() {
    state = State.TRYING;
    retry = null;
    attempt = null;
    anew = false;
    line.resolve(
        member.host(),
        answer -> {
          if (state != State.TRYING) {
            return;
          }
          if (answer instanceof HostResolver.Answer.Found found) {
            line.found(this, found.address());
            connect(new InetSocketAddress(found.address(), member.dstorePort()));
          } else if (answer instanceof HostResolver.Answer.Unknown unknown) {
            fail(unknown.reason());
          }
        });
  }

  private void connect(InetSocketAddress address) {
    ChannelFuture connecting = line.connect(this, address);
    attempt = connecting.channel();
    connecting.addListener(
        done -> {
          if (done.isSuccess() || state != State.TRYING) {
            return;
          }
          if (anew) {
            dial();
          } else {
            fail(reason(address, done.cause()));
          }
        });
  }

  private void fail(String reason) {
    line.failed(this, reason);
    attemptFailed(false);
  }

  private static String reason(InetSocketAddress address, @Nullable Throwable cause) {
    String text = cause == null ? "cancelled" : String.valueOf(cause.getMessage());
    if (cause instanceof ConnectException && text.contains("refused")) {
      // Netty names its own function and error number, which tells nobody more.
      text = "connection refused";
    }
    String where = address.getAddress().getHostAddress() + ":" + address.getPort();
    return text.contains(where) ? text : text + " (" + where + ")";
  }
}
