package org.rale.raled.clients;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rale.command.CommandParser;
import org.rale.command.Form;
import org.rale.command.ParsedLine;
import org.rale.command.ReplyRenderer;
import org.rale.raled.clients.LineBuffer.Found;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response.Failed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. Reads lines while there is room for their replies, and stops reading where there is
 * none; no request is turned away for that.
 *
 * <p>How it ends: a client that has said all it has to (half-closed) gets the replies that are
 * under way, then the connection is closed. So it goes with {@link #finish}, when the daemon stops.
 * A line over the bound gets its error after the replies before it, and then the connection is
 * closed slowly ({@link Linger}). A line that has begun and does not end when the client
 * half-closes is not carried out: it may be the first half of what the client meant to say.
 */
public final class TextConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(TextConnection.class);

  private enum State {
    /** Lines are read. */
    OPEN,
    /** No more lines; replies under way still leave. */
    FINISHING,
    /** The last reply is written. What comes in is thrown away. */
    ENDED
  }

  private final RequestHandler requests;
  private final CommandParser parser;
  private final ClientLimits limits;
  private final boolean local;
  private final byte @Nullable [] refusal;
  private final LineBuffer lines;
  private final MemoryBudget budget;
  private final ReplyQueue replies;
  private final Order order = new Order();
  private final Window.Part window;
  private final AtomicBoolean drainScheduled = new AtomicBoolean();

  private State state = State.OPEN;
  private boolean begun;
  private boolean inputEnded;
  private boolean linger;

  /** The line that was read and must wait for those before it; no further one is read meanwhile. */
  private ParsedLine.@Nullable Parsed held;

  private int heldBytes;
  private @Nullable ReplyWriter writer;
  private @Nullable ChannelHandlerContext context;

  /** What {@link #look} saw last time. */
  private long linesTaken;

  private long linesSeen = -1;
  private long writesSeen;

  /**
   * @param local over the control socket, where STOP is allowed
   * @param refusal null for a client that is served; else the one line that it is told
   */
  public TextConnection(
      RequestHandler requests,
      CommandParser parser,
      ClientLimits limits,
      MemoryBudget budget,
      Window window,
      boolean local,
      byte @Nullable [] refusal) {
    this.requests = requests;
    this.parser = parser;
    this.limits = limits;
    this.budget = budget;
    this.window = window.new Part();
    this.local = local;
    this.refusal = refusal;
    this.lines = new LineBuffer(new MemoryBudget.Share(budget));
    this.replies = new ReplyQueue(this::answered, new MemoryBudget.Share(budget));
  }

  /** What a client is told that came when max_connections others were there. */
  public static byte[] tooManyConnections(int max, boolean json) {
    Failed failed =
        Failed.of(
            ErrorCode.OVERLOADED,
            "this node has " + max + " connections, and takes no more",
            "close some, or raise max_connections");
    return ReplyRenderer.render(json ? new Form.Json(null, null) : new Form.Text(null), failed);
  }

  /**
   * No more lines are read; the connection ends once all that were read are answered. Those that
   * wait for another leader are answered now, so that nobody's watch delays the end.
   */
  public static void finish(Channel channel) {
    TextConnection connection = channel.pipeline().get(TextConnection.class);
    if (connection != null && channel.isActive()) {
      channel
          .eventLoop()
          .execute(
              FatalErrors.guarded(
                  () -> {
                    connection.finishOpen();
                    connection.replies.endWatches(shuttingDown());
                    connection.drain();
                  }));
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    writer = new ReplyWriter(ctx, new MemoryBudget.Share(budget));
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
    if (refusal != null) {
      end(refusal);
      drain();
      return;
    }
    ctx.executor().schedule(this::look, ClientLimits.STALL_LOOK_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (state == State.OPEN && !lines.append(bytes)) {
        Failed failed =
            Failed.of(
                ErrorCode.OVERLOADED,
                "too many long lines arrive at once, and there is no memory for this one",
                "try again later; the connection is closed");
        end(ReplyRenderer.render(new Form.Text(null), failed));
      }
    } finally {
      bytes.release();
    }
    drain();
  }

  /** Takes lines and lets replies leave, until neither gets on. */
  private void drain() {
    if (state == State.ENDED) {
      return;
    }
    ReplyWriter out = writer();
    boolean moved = true;
    while (moved) {
      moved = takeLines();
      moved |= out.write(replies);
    }
    out.flush(this::drain);
    if (state == State.FINISHING && replies.isEmpty()) {
      end();
    } else if (!inputEnded) {
      // Behind its end there is nothing to read, and epoll knows the socket no more.
      context().channel().config().setAutoRead(state != State.OPEN || hasRoom());
    }
  }

  private boolean hasRoom() {
    return held == null && !replies.isFull() && window.hasRoom() && writer().hasRoom();
  }

  private boolean takeLines() {
    boolean any = releaseHeld();
    while (state == State.OPEN && hasRoom()) {
      Found found = lines.next();
      if (found == Found.LINE) {
        linesTaken++;
        take(parser.parse(lines.array(), lines.lineStart(), lines.lineLength()));
      } else if (found == Found.TOO_LONG) {
        end(
            ReplyRenderer.render(
                CommandParser.tooLong(lines.array(), lines.lineStart(), lines.lineLength())));
      } else if (inputEnded) {
        finishOpen();
      } else {
        break;
      }
      any = true;
    }
    return any;
  }

  private void take(ParsedLine line) {
    int bytes = lines.lineLength();
    if (line instanceof ParsedLine.Rejected rejected) {
      replies.answer(ReplyRenderer.render(rejected), bytes);
    } else if (line instanceof ParsedLine.Answered answered) {
      replies.answer(ReplyRenderer.render(answered), bytes);
    } else if (line instanceof ParsedLine.Parsed parsed) {
      if (parsed.request() instanceof Request.Stop && !local) {
        replies.answer(ReplyRenderer.render(parsed.form(), stopRefused()), bytes);
      } else {
        held = parsed;
        heldBytes = bytes;
        releaseHeld();
      }
    }
  }

  /** Lets the line begin that was read last, if those before it allow; returns whether it did. */
  private boolean releaseHeld() {
    ParsedLine.Parsed line = held;
    if (line == null || !order.admits(line.request())) {
      return false;
    }
    held = null;
    order.begin(line.request());
    window.begin(line.request(), heldBytes);
    requests.submit(
        line.request(),
        line.timeoutMs().orElse(limits.requestTimeoutMs()),
        replies.expect(line, heldBytes));
    return true;
  }

  private static Failed stopRefused() {
    return Failed.of(
        ErrorCode.FORBIDDEN,
        "STOP is taken over the control socket only",
        "give it on the node's own machine: ralectrl --socket PATH STOP");
  }

  /** Any thread: an answer came. One hand-off serves all that come until it is carried out. */
  private void answered(Request request, int lineBytes) {
    order.end(request);
    window.end(request, lineBytes);
    if (drainScheduled.compareAndSet(false, true)) {
      try {
        context()
            .executor()
            .execute(
                FatalErrors.guarded(
                    () -> {
                      drainScheduled.set(false);
                      drain();
                    }));
      } catch (RejectedExecutionException e) {
        // The daemon has stopped, and the connection with it.
        log.debug("an answer came after the end");
      }
    }
  }

  /** The last reply of this connection, which the client did not ask for. */
  private void end(byte[] lastReply) {
    replies.answer(lastReply, 0);
    lines.clear();
    state = State.FINISHING;
    linger = true;
  }

  private void finishOpen() {
    if (state != State.OPEN) {
      return;
    }
    state = State.FINISHING;
    refuseHeld();
    if (inputEnded && lines.size() > 0) {
      Failed failed =
          Failed.of(
              ErrorCode.BAD_REQUEST,
              "the last line has no line end, and was not carried out",
              "end each request with a line feed");
      replies.answer(ReplyRenderer.render(new Form.Text(null), failed), 0);
    }
    lines.clear();
  }

  /** The daemon ends before the line could begin. */
  private void refuseHeld() {
    ParsedLine.Parsed line = held;
    if (line != null) {
      held = null;
      replies.answer(ReplyRenderer.render(line.form(), shuttingDown()), heldBytes);
    }
  }

  private static Failed shuttingDown() {
    return Failed.of(ErrorCode.SHUTTING_DOWN, "this node is shutting down", "ask another node");
  }

  private void end() {
    state = State.ENDED;
    writer().whenWritten(linger && !inputEnded ? Linger::begin : Channel::close);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      drain();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      if (state == State.ENDED && linger) {
        ctx.close();
      } else {
        drain();
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  /** See {@link ClientLimits#STALL_LOOK_MS}. */
  private void look() {
    ChannelHandlerContext ctx = context();
    if (!ctx.channel().isOpen()) {
      return;
    }
    // Room that others have left wakes nobody: what waits for it is taken now, and did not stall.
    drain();
    boolean lineWaits = linesTaken == 0 || lines.size() > 0;
    // A line that waits for room is the server's delay, not the client's.
    boolean lineStalls = lineWaits && hasRoom() && linesTaken == linesSeen;
    boolean readerStalls = writer().waiting() && writer().writes() == writesSeen;
    if (lineStalls || readerStalls) {
      log.debug("{} is closed: it stands still", ctx.channel());
      ctx.close();
      return;
    }
    linesSeen = lineWaits ? linesTaken : -1;
    writesSeen = writer().writes();
    lines.rest();
    ctx.executor().schedule(this::look, ClientLimits.STALL_LOOK_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    state = State.ENDED;
    lines.clear();
    replies.clear();
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    FatalErrors.reportIfError(cause);
    if (!(cause instanceof IOException)) {
      log.error("{}: unexpected failure, the connection is closed", ctx.channel(), cause);
    }
    ctx.close();
  }

  private ReplyWriter writer() {
    ReplyWriter out = writer;
    if (out == null) {
      throw new IllegalStateException("the connection is in no pipeline yet");
    }
    return out;
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("the connection is in no pipeline yet");
    }
    return ctx;
  }
}
