package org.rale.raled.clients;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rale.command.CommandParser;
import org.rale.request.Limits;

/** A client on an embedded channel, whose clock stands still until {@link #pass} moves it. */
final class TestClient {
  static final int TIMEOUT_MS = 5_000;

  final PendingRequests node = new PendingRequests();
  final EmbeddedChannel channel = new EmbeddedChannel();
  private final Reader reader = new Reader();
  private final StringBuilder replies = new StringBuilder();

  TestClient() {
    this(new Window());
  }

  TestClient(Window window) {
    this(false, null, new MemoryBudget(64 << 20), window);
  }

  TestClient(boolean local, byte @Nullable [] refusal, MemoryBudget budget) {
    this(local, refusal, budget, new Window());
  }

  private TestClient(boolean local, byte @Nullable [] refusal, MemoryBudget budget, Window window) {
    channel.freezeTime();
    channel
        .config()
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(
                ClientLimits.RESUME_UNREAD_BYTES, ClientLimits.MAX_UNREAD_BYTES));
    CommandParser parser = new CommandParser(Limits.MAX_VALUE_BYTES);
    ClientLimits limits = new ClientLimits(10, TIMEOUT_MS, Limits.MAX_VALUE_BYTES);
    channel
        .pipeline()
        .addLast(reader, new TextConnection(node, parser, limits, budget, window, local, refusal));
    channel.runPendingTasks();
  }

  void say(String text) {
    say(text.getBytes(StandardCharsets.UTF_8));
  }

  void say(byte[] bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes));
    channel.runPendingTasks();
  }

  /** Everything said back since the last call, one reply an element. */
  List<String> replies() {
    collect();
    String all = replies.toString();
    replies.setLength(0);
    return all.isEmpty() ? List.of() : List.of(all.split("\n", -1)).subList(0, lines(all));
  }

  private static int lines(String all) {
    if (!all.endsWith("\n")) {
      throw new AssertionError("the last reply has no end: " + all);
    }
    return (int) all.chars().filter(c -> c == '\n').count();
  }

  private void collect() {
    channel.runPendingTasks();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      replies.append(out.toString(StandardCharsets.UTF_8));
      out.release();
    }
  }

  void stopsReading() {
    reader.reads = false;
  }

  void readsAgain() {
    reader.reads = true;
    channel.flush();
    channel.runPendingTasks();
  }

  void halfCloses() {
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    channel.runPendingTasks();
  }

  void pass(long ms) {
    channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  boolean isReadFrom() {
    return channel.config().isAutoRead();
  }

  /** The kernel between: takes bytes while the client reads. */
  private static final class Reader extends ChannelDuplexHandler {
    private boolean reads = true;

    @Override
    public void flush(ChannelHandlerContext ctx) {
      if (reads) {
        ctx.flush();
      }
    }
  }
}
