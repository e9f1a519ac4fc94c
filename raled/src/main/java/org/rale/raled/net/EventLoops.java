package org.rale.raled.net;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The threads of the network and the kinds of sockets that fit them: epoll on Linux where its
 * native library loads, else NIO. Both serve TCP, UDP and Unix sockets.
 *
 * <p>They differ in one thing: Netty's NIO closes a Unix socket whose client has half-closed
 * (4.2.18, {@code AbstractNioByteChannel} asks only TCP channels whether half is allowed), so a
 * local user who ends his input early loses the answers that are not there yet. On Linux that never
 * happens.
 */
final class EventLoops implements AutoCloseable {
  /** More would fight the node's turn and its disk thread for the processors. */
  static final int THREADS = 2;

  private static final long CLOSE_TIMEOUT_MS = 2_000;

  private final boolean epoll;
  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop home;

  private EventLoops(boolean epoll) {
    this.epoll = epoll;
    IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.group =
        new MultiThreadIoEventLoopGroup(
            THREADS, new DefaultThreadFactory("rale-net", true), factory);
    this.home = group.next();
  }

  static EventLoops best() {
    return new EventLoops(Epoll.isAvailable());
  }

  static EventLoops nio() {
    return new EventLoops(false);
  }

  MultiThreadIoEventLoopGroup all() {
    return group;
  }

  /** The loop of everything about peers. */
  EventLoop home() {
    return home;
  }

  Class<? extends ServerChannel> tcpServer() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  Class<? extends SocketChannel> tcpClient() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  Class<? extends DatagramChannel> udp() {
    return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
  }

  Class<? extends ServerChannel> unixServer() {
    return epoll ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
  }

  SocketAddress unixAddress(Path path) {
    return epoll ? new DomainSocketAddress(path.toFile()) : UnixDomainSocketAddress.of(path);
  }

  /** For the log: which of the two it is. */
  String kind() {
    return epoll ? "epoll" : "nio";
  }

  /** Waits a bounded time for the threads to end. Never called on one of them. */
  @Override
  public void close() {
    group
        .shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
  }
}
