package org.rale.raled.clients;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Replies to bytes on their way to one client: short ones many to a buffer, long ones in pieces, so
 * that it can be seen whether a slow client reads at all. Of one event loop.
 */
final class ReplyWriter {
  /** Buffers are given to the channel at this size. */
  static final int PIECE_BYTES = 64 << 10;

  /** How often to ask again for memory that other clients hold. */
  private static final long RETRY_MS = 50;

  private final ChannelHandlerContext ctx;
  private final MemoryBudget.Share share;
  private @Nullable ByteBuf gathered;
  private boolean starved;
  private boolean retryScheduled;
  private boolean unflushed;
  private long started;
  private long completed;
  private @Nullable ChannelFuture last;

  ReplyWriter(ChannelHandlerContext ctx, MemoryBudget.Share share) {
    this.ctx = ctx;
    this.share = share;
  }

  /** Whether the client reads its replies fast enough for more requests to be taken. */
  boolean hasRoom() {
    return ctx.channel().isWritable() && !starved;
  }

  /** Whether replies wait to be read. */
  boolean waiting() {
    return completed < started;
  }

  /** Rises as long as the client reads. */
  long writes() {
    return completed;
  }

  /** Writes the answers that are there, oldest first, while there is room. */
  boolean write(ReplyQueue replies) {
    boolean any = false;
    starved = false;
    while (ctx.channel().isWritable()) {
      byte[] reply = replies.peek();
      if (reply == null) {
        break;
      }
      if (!share.holdInTurn(share.held() + reply.length + 1)) {
        starved = true;
        break;
      }
      replies.remove();
      append(reply);
      any = true;
    }
    return any;
  }

  private void append(byte[] reply) {
    if (reply.length >= PIECE_BYTES) {
      handOver();
      for (int at = 0; at < reply.length; at += PIECE_BYTES) {
        put(Unpooled.wrappedBuffer(reply, at, Math.min(PIECE_BYTES, reply.length - at)));
      }
    }
    ByteBuf buffer = gathered;
    if (buffer == null) {
      buffer = ctx.alloc().ioBuffer(1024);
      gathered = buffer;
    }
    if (reply.length < PIECE_BYTES) {
      buffer.writeBytes(reply);
    }
    buffer.writeByte('\n');
    if (buffer.readableBytes() >= PIECE_BYTES) {
      handOver();
    }
  }

  /**
   * Lets what was written leave.
   *
   * @param again called later where memory was wanting
   */
  void flush(Runnable again) {
    handOver();
    if (unflushed) {
      unflushed = false;
      ctx.flush();
    }
    if (starved && !retryScheduled) {
      retryScheduled = true;
      ctx.executor()
          .schedule(
              () -> {
                retryScheduled = false;
                again.run();
              },
              RETRY_MS,
              TimeUnit.MILLISECONDS);
    }
  }

  /** Once the last reply has left. */
  void whenWritten(Consumer<Channel> then) {
    ChannelFuture write = last;
    if (write == null) {
      then.accept(ctx.channel());
    } else {
      write.addListener(done -> then.accept(ctx.channel()));
    }
  }

  private void handOver() {
    ByteBuf buffer = gathered;
    gathered = null;
    if (buffer != null) {
      put(buffer);
    }
  }

  private void put(ByteBuf bytes) {
    int size = bytes.readableBytes();
    started++;
    unflushed = true;
    ChannelFuture write = ctx.write(bytes);
    write.addListener(
        done -> {
          completed++;
          share.hold(share.held() - size);
        });
    last = write;
  }
}
