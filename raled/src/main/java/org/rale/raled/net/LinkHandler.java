package org.rale.raled.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.MalformedException;
import org.rale.raled.clients.FatalErrors;
import org.rale.wire.Handshake;
import org.rale.wire.PeerMessage;
import org.rale.wire.PeerMessage.KeepAlive;
import org.rale.wire.PeerMessage.Parting;
import org.rale.wire.VersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection between two nodes: first the handshake, then messages.
 *
 * <pre>
 *   dialled:  GREETING --Welcome, judged--> STANDING --> CLOSED
 *   accepted: GREETING --Hello--> JUDGED --stand--> STANDING --> CLOSED
 * </pre>
 *
 * <p>A side that hears nothing for the keep-alive interval asks for a sign of life, and closes the
 * link when none comes within the timeout: TCP alone needs minutes to see that the other machine
 * has lost its power.
 */
final class LinkHandler extends ChannelDuplexHandler {
  private static final Logger log = LoggerFactory.getLogger(LinkHandler.class);

  private enum State {
    GREETING,
    JUDGED,
    STANDING,
    CLOSED
  }

  private record Held(Link.Batch batch, ChannelPromise promise) {}

  private final LinkOwner owner;
  private final LinkTiming timing;
  private final Handshake.@Nullable Hello hello;
  private final LinkWriter writer = new LinkWriter();

  /**
   * What the node's turn sent as soon as it was told of the link: that may be here before the
   * Welcome, and must leave behind it.
   */
  private final List<Held> held = new ArrayList<>();

  private State state = State.GREETING;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Link link;
  private boolean begun;
  private long heardNanos;

  /** The peer was asked for a word, and has said none since. */
  private boolean unanswered;

  private LinkHandler(LinkOwner owner, LinkTiming timing, Handshake.@Nullable Hello hello) {
    this.owner = owner;
    this.timing = timing;
    this.hello = hello;
  }

  static LinkHandler dialling(LinkOwner owner, LinkTiming timing, Handshake.Hello hello) {
    return new LinkHandler(owner, timing, hello);
  }

  static LinkHandler accepting(LinkOwner owner, LinkTiming timing) {
    return new LinkHandler(owner, timing, null);
  }

  Channel channel() {
    return context().channel();
  }

  /** The handshake is accepted: sends Welcome where this side was dialled. Any thread. */
  void stand(Link standing, Handshake.@Nullable Welcome welcome) {
    inLoop(
        () -> {
          if (state == State.CLOSED) {
            return;
          }
          state = State.STANDING;
          link = standing;
          if (welcome != null) {
            context().write(writer.encode(context().alloc(), welcome));
          }
          held.forEach(each -> write(each.batch(), each.promise()));
          held.clear();
          context().flush();
        });
  }

  /** Says why, then closes. Any thread. */
  void refuse(Handshake.Refused refused) {
    inLoop(
        () -> {
          if (state == State.CLOSED) {
            return;
          }
          state = State.CLOSED;
          context()
              .writeAndFlush(writer.encode(context().alloc(), refused))
              .addListener(ChannelFutureListener.CLOSE);
        });
  }

  /** Tells the node that was dialled why the link can't stand, then closes. Any thread. */
  void part(Handshake.Refused refused) {
    inLoop(
        () -> {
          if (state == State.CLOSED) {
            return;
          }
          state = State.CLOSED;
          PeerMessage parting = new PeerMessage.Parting(refused.refusal(), refused.reason());
          context()
              .writeAndFlush(writer.encode(context().alloc(), parting))
              .addListener(ChannelFutureListener.CLOSE);
        });
  }

  /** Asks the peer for a sign of life, and closes the link where none comes. Any thread. */
  void probe() {
    inLoop(
        () -> {
          long asked = timing.nanoClock().getAsLong();
          ask();
          after(
              LinkTiming.PROBE_TIMEOUT_MS,
              () -> {
                if (heardNanos - asked <= 0) {
                  close("the peer dialled anew and this older link is silent");
                }
              });
        });
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    if (ctx.channel().isActive()) {
      begin(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    begin(ctx);
    ctx.fireChannelActive();
  }

  private void begin(ChannelHandlerContext ctx) {
    if (begun) {
      return;
    }
    begun = true;
    heardNanos = timing.nanoClock().getAsLong();
    if (hello != null) {
      ctx.writeAndFlush(writer.encode(ctx.alloc(), hello));
    }
    after(
        timing.handshakeTimeoutMs(),
        () -> {
          if (state != State.STANDING) {
            close("no handshake within " + timing.handshakeTimeoutMs() + " ms");
          }
        });
    after(timing.lookEveryMs(), this::lookForSilence);
  }

  /**
   * Looks again just when the silence may be long enough. A link is closed only after it was asked
   * and had its time to answer: timers come late, and one look too late is no silence.
   */
  private void lookForSilence() {
    long silentMs = TimeUnit.NANOSECONDS.toMillis(timing.nanoClock().getAsLong() - heardNanos);
    long leftMs = timing.keepAliveTimeoutMs() - silentMs;
    if (leftMs <= 0 && unanswered) {
      close("nothing was heard for " + silentMs + " ms");
    } else if (silentMs < timing.lookEveryMs()) {
      after(timing.lookEveryMs() - silentMs, this::lookForSilence);
    } else {
      unanswered = true;
      ask();
      after(
          leftMs > 0 ? Math.min(timing.lookEveryMs(), leftMs) : timing.lookEveryMs(),
          this::lookForSilence);
    }
  }

  private void ask() {
    if (state == State.STANDING) {
      context().writeAndFlush(writer.encode(context().alloc(), new KeepAlive(false)));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Handshake handshake) {
      greeting(handshake);
    } else if (message instanceof KeepAlive keepAlive) {
      // A peer that asks without end and reads nothing gets no more answers than fit.
      if (!keepAlive.answer() && state == State.STANDING && ctx.channel().isWritable()) {
        ctx.writeAndFlush(writer.encode(ctx.alloc(), new KeepAlive(true)));
      }
    } else if (message instanceof PeerMessage peerMessage) {
      Link standing = link;
      if (state == State.STANDING && standing != null && message instanceof Parting parting) {
        owner.parted(standing, parting);
        close(parting.reason());
      } else if (state == State.STANDING && standing != null) {
        owner.received(standing, peerMessage);
      } else if (state != State.CLOSED) {
        close("a message came before the handshake was over");
      }
    } else {
      throw new IllegalStateException("no message of a link: " + message);
    }
  }

  /** Whatever came, a piece of a long message too, is a sign of life. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    unanswered = false;
    heardNanos = timing.nanoClock().getAsLong();
    Link standing = link;
    if (standing != null) {
      standing.heard();
    }
    ctx.fireChannelReadComplete();
  }

  private void greeting(Handshake handshake) {
    if (state == State.CLOSED) {
      return;
    }
    boolean fits = (handshake instanceof Handshake.Hello) == (hello == null);
    if (state != State.GREETING || !fits) {
      close("a " + handshake.getClass().getSimpleName() + " came out of turn");
      return;
    }
    state = State.JUDGED;
    if (handshake instanceof Handshake.Hello greeted) {
      owner.greeted(this, greeted);
    } else {
      owner.answered(this, handshake);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (!(message instanceof Link.Batch batch)) {
      ctx.write(message, promise);
    } else if (state == State.JUDGED) {
      held.add(new Held(batch, promise));
    } else {
      write(batch, promise);
    }
  }

  private void write(Link.Batch batch, ChannelPromise promise) {
    try {
      writer.write(context(), batch, promise);
    } catch (RuntimeException e) {
      // A message that no frame can hold: the rules broke a bound of their own.
      promise.tryFailure(e);
      FatalErrors.report(e);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ended("the connection was closed before the handshake was over");
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    FatalErrors.reportIfError(cause);
    if (cause instanceof VersionException && state == State.GREETING) {
      state = State.JUDGED;
      owner.otherVersion(this, String.valueOf(cause.getMessage()));
      return;
    }
    if (!(cause instanceof MalformedException) && !(cause instanceof IOException)) {
      log.error("link {}: unexpected failure", ctx.channel(), cause);
    }
    close(String.valueOf(cause.getMessage()));
  }

  private void close(String reason) {
    log.debug("link {} is closed: {}", channel(), reason);
    ended(reason);
    context().close();
  }

  private void ended(String reason) {
    State before = state;
    state = State.CLOSED;
    held.forEach(each -> each.promise().tryFailure(new ClosedChannelException()));
    held.clear();
    if (hello != null && before == State.GREETING) {
      owner.notAnswered(this, reason);
    }
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("the link is in no pipeline yet");
    }
    return ctx;
  }

  private void after(long delayMs, Runnable work) {
    context()
        .executor()
        .schedule(
            () -> {
              if (context().channel().isOpen()) {
                work.run();
              }
            },
            delayMs,
            TimeUnit.MILLISECONDS);
  }

  private void inLoop(Runnable work) {
    if (context().executor().inEventLoop()) {
      work.run();
    } else {
      context().executor().execute(FatalErrors.guarded(work));
    }
  }
}
