package org.rale.raled.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rale.MemoryShare;
import org.rale.command.CommandParser;
import org.rale.raled.clients.ClientLimits;
import org.rale.raled.clients.ConnectionGate;
import org.rale.raled.clients.MemoryBudget;
import org.rale.raled.clients.RequestHandler;
import org.rale.raled.clients.TextConnection;
import org.rale.raled.clients.Window;

/**
 * The two doors for clients: dstore_port, which links of nodes come in by as well, and the control
 * socket.
 *
 * <p>Both are taken at the start and opened when the node can answer: until then whoever connects
 * waits in the kernel's backlog.
 */
final class ClientPorts {
  private static final int BACKLOG = 512;
  private static final WriteBufferWaterMark UNREAD =
      new WriteBufferWaterMark(ClientLimits.RESUME_UNREAD_BYTES, ClientLimits.MAX_UNREAD_BYTES);

  private final ClientLimits limits;
  private final NettyTransport transport;
  private final CommandParser parser;
  private final MemoryBudget budget = new MemoryBudget(MemoryShare.bytes());
  private final Window window = new Window();
  private final ConnectionGate tcpGate;
  private final ConnectionGate controlGate;
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private volatile @Nullable Supplier<RequestHandler> requests;

  ClientPorts(ClientLimits limits, NettyTransport transport) {
    this.limits = limits;
    this.transport = transport;
    this.parser = new CommandParser(limits.maxValueBytes());
    this.tcpGate = new ConnectionGate(limits.maxConnections());
    this.controlGate = new ConnectionGate(limits.maxConnections());
  }

  Channel bindTcp(EventLoops loops, InetSocketAddress address) throws PortException {
    ServerBootstrap bootstrap =
        server(loops, loops.tcpServer(), this::tcpConnection)
            // Else a restart would wait for the connections of the process before it to time out.
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true);
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw Ports.taken("dstore_port", "tcp", address, bound.cause());
    }
    return bound.channel();
  }

  Channel bindControl(EventLoops loops, SocketFile file) throws PortException {
    Path place = file.prepare();
    SocketAddress address = loops.unixAddress(place);
    ChannelFuture bound =
        server(loops, loops.unixServer(), this::controlConnection)
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      file.sweep(place);
      throw new PortException(
          "control socket " + file.path() + " could not be made: " + bound.cause());
    }
    try {
      file.publish(place);
    } catch (PortException e) {
      bound.channel().close().awaitUninterruptibly();
      throw e;
    }
    return bound.channel();
  }

  private static ServerBootstrap server(
      EventLoops loops, Class<? extends ServerChannel> kind, Consumer<Channel> setUp) {
    return new ServerBootstrap()
        .group(loops.all())
        .channel(kind)
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                if (channel.config() instanceof DuplexChannelConfig duplex) {
                  duplex.setAllowHalfClosure(true);
                }
                setUp.accept(channel);
              }
            });
  }

  /**
   * From now on requests are answered.
   *
   * @param handlers gives each connection its own
   */
  void open(Supplier<RequestHandler> handlers) {
    requests = handlers;
  }

  private void tcpConnection(Channel channel) {
    Guest guest = new Guest(channel, tcpGate);
    if (guest.verdict != ConnectionGate.Verdict.AWAY) {
      channel.pipeline().addLast(new FirstBytes(guest));
    }
  }

  private void controlConnection(Channel channel) {
    Guest guest = new Guest(channel, controlGate);
    if (guest.verdict != ConnectionGate.Verdict.AWAY) {
      // Nothing was said yet that would tell a JSON client.
      channel.pipeline().addLast(connection(guest.refusal(false), true));
      clients.add(channel);
    }
  }

  private TextConnection connection(byte @Nullable [] refusal, boolean local) {
    Supplier<RequestHandler> handlers = requests;
    if (handlers == null) {
      throw new IllegalStateException("a connection came before the ports were open");
    }
    return new TextConnection(handlers.get(), parser, limits, budget, window, local, refusal);
  }

  /**
   * Lets the clients that are there get the answers under way, then closes; at the latest after
   * this.
   */
  void finish(long timeoutMs) {
    clients.forEach(TextConnection::finish);
    if (!clients.newCloseFuture().awaitUninterruptibly(timeoutMs, TimeUnit.MILLISECONDS)) {
      clients.close().awaitUninterruptibly(timeoutMs, TimeUnit.MILLISECONDS);
    }
  }

  /** Closes them all; a {@link #finish} that waits for them returns. */
  void drop() {
    clients.close();
  }

  /** Client connections that are open, for STATUS. */
  int connections() {
    return tcpGate.open() + controlGate.open();
  }

  /** A connection that counts, until it turns out to be a node's or ends. Of its event loop. */
  private final class Guest implements FirstBytes.Decision {
    private final ConnectionGate gate;
    private final ConnectionGate.Verdict verdict;
    private boolean counted = true;

    Guest(Channel channel, ConnectionGate gate) {
      this.gate = gate;
      this.verdict = gate.enter();
      channel.closeFuture().addListener(done -> leave());
      if (verdict == ConnectionGate.Verdict.AWAY) {
        channel.close();
      }
    }

    byte @Nullable [] refusal(boolean json) {
      return verdict == ConnectionGate.Verdict.WELCOME
          ? null
          : TextConnection.tooManyConnections(gate.max(), json);
    }

    @Override
    public void node(ChannelHandlerContext ctx) {
      // Nodes have bounds of their own: clients must not keep them out.
      leave();
      transport.acceptLink(ctx.channel());
    }

    @Override
    public void client(ChannelHandlerContext ctx, boolean json) {
      ctx.pipeline().addLast(connection(refusal(json), false));
      clients.add(ctx.channel());
    }

    private void leave() {
      if (counted) {
        counted = false;
        gate.leave();
      }
    }
  }
}
