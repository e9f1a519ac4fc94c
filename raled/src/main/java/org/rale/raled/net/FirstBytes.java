package org.rale.raled.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.rale.raled.clients.FatalErrors;
import org.rale.wire.HandshakeCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a node from a client by the first byte: links begin with one that no text has. Then it
 * makes way for the handlers of the one or the other, which get that byte too.
 *
 * <p>Who says nothing within the time is taken for a client: a client may wait a while before it
 * asks, a node never does.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(FirstBytes.class);

  /** A node says Hello as soon as it is connected. */
  static final int NODE_SPEAKS_WITHIN_MS = 2_000;

  interface Decision {
    /** Sets the channel up for a node. */
    void node(ChannelHandlerContext ctx);

    /**
     * Sets the channel up for a client.
     *
     * @param json its first byte begins a JSON request; false where it has said nothing yet
     */
    void client(ChannelHandlerContext ctx, boolean json);
  }

  private final Decision decision;
  private boolean begun;
  private boolean decided;

  FirstBytes(Decision decision) {
    this.decision = decision;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
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
    ctx.executor()
        .schedule(
            () -> {
              if (!decided && ctx.channel().isActive()) {
                decide(ctx, (byte) 0);
                ctx.pipeline().remove(this);
              }
            },
            NODE_SPEAKS_WITHIN_MS,
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (!bytes.isReadable()) {
      bytes.release();
      return;
    }
    decide(ctx, bytes.getByte(bytes.readerIndex()));
    ctx.fireChannelRead(bytes);
    ctx.pipeline().remove(this);
  }

  /**
   * @param first 0 where none came
   */
  private void decide(ChannelHandlerContext ctx, byte first) {
    decided = true;
    if (HandshakeCodec.beginsLink(first)) {
      decision.node(ctx);
    } else {
      decision.client(ctx, first == '{');
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !decided) {
      ctx.close();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    FatalErrors.reportIfError(cause);
    if (!(cause instanceof IOException)) {
      log.error("{}: unexpected failure, the connection is closed", ctx.channel(), cause);
    }
    ctx.close();
  }
}
