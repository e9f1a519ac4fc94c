package org.rale.raled.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rale.PeerEvents;
import org.rale.Transport;
import org.rale.raft.Message;
import org.rale.replica.Admission;
import org.rale.replica.ClusterView;
import org.rale.request.PathInfo;
import org.rale.wire.Datagram;
import org.rale.wire.DatagramCodec;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/**
 * The library's way to other nodes.
 *
 * <p>Election and heartbeat messages go out as datagrams; while {@link UdpPath} does not see them
 * get through, they go over the link as well. All else goes over the link. What a turn sends is
 * gathered and handed to the event loops by {@link #flush}.
 *
 * <p>Datagrams to a node are numbered from the wall clock's milliseconds times 2^20 on, so that a
 * process that was started again counts on above its predecessor, and a replay of the predecessor's
 * is told from them. Where the clock was set back in between, the peer drops the new process's
 * datagrams only until it knows the new process, which clears its {@link ReplayWindow}.
 */
public final class NettyTransport implements Transport {
  private static final int CONNECT_TIMEOUT_MS = 2_000;
  private static final long CLOSE_TIMEOUT_MS = 2_000;
  private static final int SEQUENCE_SHIFT = 20;

  /** A datagram that a turn sent. */
  private record Outgoing(Identity sender, Peer peer, Message message) {}

  private final EventLoops loops;
  private final Home home;
  private final NetConfig config;
  private final DatagramPort datagrams;
  private final TransportCounters counters;
  private final HostResolver resolver;
  private final LinkTiming timing;
  private final RandomGenerator random;

  /** What datagrams show to others: microseconds since this process began, from 1. */
  private final LongSupplier microClock;

  /** Tells this process from every other one with the same cluster.db. */
  private final long process;

  private final long firstSequence = System.currentTimeMillis() << SEQUENCE_SHIFT;

  private volatile @Nullable PeerLinks links;
  private volatile @Nullable ClusterView view;

  /** The links that this turn used. Of the node's turn only, like the next. */
  private final List<Link> used = new ArrayList<>();

  private List<Outgoing> outgoing = new ArrayList<>();

  NettyTransport(
      EventLoops loops,
      NetConfig config,
      DatagramPort datagrams,
      TransportCounters counters,
      LongSupplier nanoClock,
      RandomGenerator random) {
    this.loops = loops;
    this.home = new Home(loops.home());
    this.config = config;
    this.datagrams = datagrams;
    this.counters = counters;
    this.resolver = new HostResolver(home);
    this.random = random;
    this.process = random.nextLong() | 1;
    long began = nanoClock.getAsLong();
    this.microClock = () -> (nanoClock.getAsLong() - began) / 1_000 + 1;
    this.timing =
        new LinkTiming(
            LinkTiming.HANDSHAKE_TIMEOUT_MS,
            config.keepAliveIntervalMs(),
            config.keepAliveTimeoutMs(),
            nanoClock);
  }

  @Override
  public void start(PeerEvents events, ClusterView first) {
    Phone phone = new Phone();
    PeerLinks table =
        new PeerLinks(
            home,
            process,
            config.priority(),
            timing,
            counters,
            events,
            first,
            this::newPeer,
            member -> new Dialer(member, phone, random));
    view = first;
    links = table;
    home.execute(
        () -> {
          datagrams.open(datagram -> received(table, events, datagram));
          table.publish(first);
        });
  }

  private Peer newPeer(int nodeId) {
    UdpPath path = new UdpPath(timing.nanoClock(), config.heartbeatIntervalMs());
    Contact contact = new Contact(timing.nanoClock());
    return new Peer(nodeId, path, new PathQuality(microClock), contact, firstSequence);
  }

  long process() {
    return process;
  }

  /** Other times for keeping links alive, as {@link LinkTiming} has them. */
  public void keepAlive(int intervalMs, int timeoutMs) {
    timing.keepAlive(intervalMs, timeoutMs);
  }

  @Override
  public void publish(ClusterView next) {
    PeerLinks table = started();
    view = next;
    home.execute(() -> table.publish(next));
  }

  @Override
  public void send(int nodeId, PeerMessage message) {
    Peer peer = started().peer(nodeId);
    if (peer == null) {
      counters.noRoute.increment();
      return;
    }
    if (peer.udpPath().hasChanged()) {
      started().pathChanged(nodeId);
    }
    boolean asDatagram = sendAsDatagram(peer, message);
    if (asDatagram && peer.udpPath().works()) {
      return;
    }
    Link link = peer.route();
    if (link == null) {
      if (!asDatagram) {
        counters.noRoute.increment();
      }
    } else if (!link.offer(message)) {
      started().dropped(nodeId, message);
    } else if (!used.contains(link)) {
      used.add(link);
    }
  }

  private boolean sendAsDatagram(Peer peer, PeerMessage message) {
    ClusterView now = view;
    if (message instanceof PeerMessage.Raft raft
        && DatagramCodec.carries(raft.message())
        && now != null
        && now.self().inCluster()
        && peer.datagramAddress() != null) {
      outgoing.add(new Outgoing(now.self(), peer, raft.message()));
      return true;
    }
    return false;
  }

  @Override
  public void flush() {
    used.forEach(Link::flush);
    used.clear();
    if (!outgoing.isEmpty()) {
      List<Outgoing> leaving = outgoing;
      outgoing = new ArrayList<>();
      home.execute(() -> leave(leaving));
    }
  }

  private void leave(List<Outgoing> leaving) {
    for (Outgoing each : leaving) {
      Peer peer = each.peer();
      InetSocketAddress address = peer.datagramAddress();
      if (address != null) {
        datagrams.send(
            new Datagram(
                each.sender(),
                process,
                peer.nodeId(),
                peer.nextSequence(),
                peer.udpPath().hears(),
                peer.stamps(),
                each.message()),
            address);
      }
    }
    datagrams.flush();
  }

  private void received(PeerLinks table, PeerEvents events, Datagram datagram) {
    ClusterView now = view;
    Identity sender = datagram.sender();
    if (now == null || !belongsHere(now, datagram)) {
      counters.datagramForeign.increment();
      return;
    }
    Peer peer = table.sender(sender.nodeId());
    if (peer == null) {
      counters.datagramForeign.increment();
      return;
    }
    if (!peer.speaks(datagram.process())) {
      counters.datagramForeign.increment();
      return;
    }
    if (!peer.window().accept(datagram.sequence())) {
      counters.datagramReplayed.increment();
      return;
    }
    peer.datagramCame(datagram);
    if (!events.received(sender, new PeerMessage.Raft(datagram.message()))) {
      counters.inboxFull.increment();
    }
  }

  /** A datagram has no handshake before it, so nodes in no cluster send and take none (S-06). */
  private static boolean belongsHere(ClusterView view, Datagram datagram) {
    return datagram.target() == view.self().nodeId()
        && view.self().inCluster()
        && datagram.sender().clusterId() == view.self().clusterId()
        && Admission.judge(view, datagram.sender()).isEmpty();
  }

  /** A connection to dstore_port that began as a link does. Called on its event loop. */
  void acceptLink(Channel channel) {
    PeerLinks table = links;
    if (table == null) {
      channel.close();
      return;
    }
    LinkChannels.configure(channel);
    channel.pipeline().addLast(new LinkDecoder(), LinkHandler.accepting(table, timing));
  }

  @Override
  public PathInfo path(int nodeId) {
    PeerLinks table = links;
    Peer peer = table == null ? null : table.peer(nodeId);
    return peer == null ? PathInfo.NOTHING : peer.path();
  }

  /** The ways to each node, as of now. Any thread. */
  public List<PeerPath> paths() {
    PeerLinks table = links;
    return table == null ? List.of() : table.paths();
  }

  /** What was dropped since the process started. Any thread. */
  public TransportCounters.Snapshot counters() {
    return counters.snapshot();
  }

  /** The ways to each node and what was dropped, in one line for people. Any thread. */
  public String health() {
    String ways =
        paths().stream()
            .sorted(Comparator.comparingInt(PeerPath::nodeId))
            .map(PeerPath::words)
            .collect(Collectors.joining("; "));
    return (ways.isEmpty() ? "no other nodes" : ways) + "; " + counters().words();
  }

  private PeerLinks started() {
    return Optional.ofNullable(links)
        .orElseThrow(() -> new IllegalStateException("the transport was not started"));
  }

  /** Never called on an event loop, or by the node's turn. */
  @Override
  public void close() {
    PeerLinks table = links;
    if (table != null) {
      loops
          .home()
          .submit(table::close)
          .awaitUninterruptibly(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
    datagrams.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    resolver.close();
  }

  /** What the diallers reach the world by. */
  private final class Phone implements Dialer.Line {
    @Override
    public void resolve(String host, Consumer<HostResolver.Answer> answer) {
      resolver.resolve(host, answer);
    }

    @Override
    public void found(Dialer dialer, InetAddress address) {
      Peer peer = started().peer(dialer.member().id());
      if (peer != null && peer.dialer() == dialer) {
        peer.datagramAddress(new InetSocketAddress(address, dialer.member().ralePort()));
      }
    }

    @Override
    public ChannelFuture connect(Dialer dialer, InetSocketAddress address) {
      LinkHandler handler = started().attempt(dialer);
      ChannelFuture connecting =
          new Bootstrap()
              .group(loops.home())
              .channel(loops.tcpClient())
              .disableResolver()
              .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
              .handler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      LinkChannels.configure(channel);
                      channel.pipeline().addLast(new LinkDecoder(), handler);
                    }
                  })
              .connect(address);
      connecting.addListener(
          done -> {
            if (!done.isSuccess()) {
              started().attemptEnded(handler);
            }
          });
      return connecting;
    }

    @Override
    public void failed(Dialer dialer, String reason) {
      started().failed(dialer, reason);
    }

    @Override
    public @Nullable ScheduledFuture<?> schedule(Runnable work, long delayMs) {
      return home.schedule(work, delayMs);
    }
  }
}
