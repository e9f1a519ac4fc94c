package org.rale.raled.net;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rale.raled.clients.RequestHandler;

/**
 * All of a node's network. The daemon's order: {@link #bind} takes the ports, or says which one it
 * can't have; the library starts the {@link #transport}; {@link #open} lets clients in; at the end
 * {@link #finishClients}, the library, {@link #close}.
 */
public final class Network implements AutoCloseable {
  private static final long CLOSE_TIMEOUT_MS = 2_000;

  private final EventLoops loops;
  private final NettyTransport transport;
  private final ClientPorts clients;
  private final DatagramPort datagrams;
  private final Channel tcp;
  private final SocketFile socketFile;
  private final Channel control;

  private Network(
      EventLoops loops,
      NettyTransport transport,
      ClientPorts clients,
      DatagramPort datagrams,
      Channel tcp,
      SocketFile socketFile,
      Channel control) {
    this.loops = loops;
    this.transport = transport;
    this.clients = clients;
    this.datagrams = datagrams;
    this.tcp = tcp;
    this.socketFile = socketFile;
    this.control = control;
  }

  /** Takes both ports and the control socket. Nothing is answered yet. */
  public static Network bind(NetConfig config) throws PortException {
    return bind(config, EventLoops.best());
  }

  static Network bind(NetConfig config, EventLoops loops) throws PortException {
    Builder builder = new Builder(config, loops);
    try {
      return builder.bind();
    } catch (PortException | RuntimeException e) {
      builder.undo();
      throw e;
    }
  }

  public NettyTransport transport() {
    return transport;
  }

  /**
   * Lets clients in, and nodes as soon as the transport is started: before that their connections
   * are closed, and they call again. Called once.
   *
   * @param handlers gives each client's connection its own
   */
  public void open(Supplier<RequestHandler> handlers) {
    clients.open(handlers);
    tcp.config().setAutoRead(true);
    control.config().setAutoRead(true);
  }

  /**
   * Takes no new connections and no new requests; waits until those under way are answered, but no
   * longer than this. Links to nodes stay up.
   */
  public void finishClients(long timeoutMs) {
    tcp.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    control.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    socketFile.remove();
    clients.finish(timeoutMs);
  }

  /** Closes the connections of clients, answered or not. Does not wait for that. */
  public void dropClients() {
    clients.drop();
  }

  /** The UDP address, with the port that was taken. */
  public InetSocketAddress raleAddress() {
    return datagrams.localAddress();
  }

  /** The TCP address, with the port that was taken. */
  public InetSocketAddress dstoreAddress() {
    return (InetSocketAddress) tcp.localAddress();
  }

  /** Client connections that are open, those of both doors. */
  public int connections() {
    return clients.connections();
  }

  /** What carries the bytes: epoll or nio. */
  public String kind() {
    return loops.kind();
  }

  @Override
  public void close() {
    finishClients(0);
    transport.close();
    loops.close();
  }

  /** What is bound so far, so that it can be given back when the next one fails. */
  private static final class Builder {
    private final NetConfig config;
    private final EventLoops loops;
    private @Nullable NettyTransport transport;
    private @Nullable DatagramPort datagrams;
    private @Nullable Channel tcp;

    Builder(NetConfig config, EventLoops loops) {
      this.config = config;
      this.loops = loops;
    }

    Network bind() throws PortException {
      InetAddress host = address(config.bindHost());
      TransportCounters counters = new TransportCounters();
      DatagramPort udp =
          DatagramPort.bind(loops, new InetSocketAddress(host, config.ralePort()), counters);
      datagrams = udp;
      SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
      NettyTransport links =
          new NettyTransport(loops, config, udp, counters, System::nanoTime, random);
      transport = links;
      ClientPorts ports = new ClientPorts(config.clients(), links);
      Channel server = ports.bindTcp(loops, new InetSocketAddress(host, config.dstorePort()));
      tcp = server;
      SocketFile file = new SocketFile(config.controlSocket());
      Channel socket = ports.bindControl(loops, file);
      return new Network(loops, links, ports, udp, server, file, socket);
    }

    private static InetAddress address(String host) throws PortException {
      try {
        return InetAddress.getByName(host);
      } catch (UnknownHostException e) {
        throw new PortException(
            "bind_ip \"" + host + "\" is no address of this machine: " + e.getMessage(), e);
      }
    }

    void undo() {
      if (tcp != null) {
        tcp.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
      }
      if (transport != null) {
        transport.close();
      } else if (datagrams != null) {
        datagrams.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
      }
      loops.close();
    }
  }
}
