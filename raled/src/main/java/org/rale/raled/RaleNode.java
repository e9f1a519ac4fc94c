package org.rale.raled;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rale.Rale;
import org.rale.RaleConfig.Founder;
import org.rale.Transport;
import org.rale.clusterdb.ClusterDbException;
import org.rale.raled.clients.ClientLimits;
import org.rale.raled.clients.RequestHandler;
import org.rale.raled.config.NodeConfig;
import org.rale.raled.hooks.Hooks;
import org.rale.raled.net.NetConfig;
import org.rale.raled.net.Network;
import org.rale.raled.net.PortException;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The library and the network as one node, from the first port to the last byte.
 *
 * <p>The ports come first: a second daemon with this configuration fails there, before it looks at
 * the file. While the file is read, clients are told how far it is; nodes are let in when it is. At
 * the end clients are finished first, then leadership is handed over, and the links go last, since
 * the hand-over needs them.
 */
final class RaleNode implements Node {
  private static final Logger log = LoggerFactory.getLogger(RaleNode.class);

  /** How long the end waits for a hook: for one that runs, and the one that is told of the end. */
  private static final Duration HOOKS_LAST = Duration.ofSeconds(5);

  private final NodeConfig config;
  private final StartProgress progress;
  private final Hooks hooks;
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private final AtomicLong connections = new AtomicLong();
  private volatile boolean graceful = true;
  private volatile boolean failed;
  private volatile @Nullable Network network;
  private volatile @Nullable Rale rale;
  private volatile @Nullable Thread loop;

  RaleNode(NodeConfig config) {
    this.config = config;
    this.progress = new StartProgress(config.nodeId(), config.nodeName(), System::nanoTime);
    this.hooks = new Hooks(config.nodeName(), config.clusterName(), config.hooks());
  }

  @Override
  public String start() throws StartException {
    Network net = bind();
    network = net;
    net.open(this::connection);
    try {
      Transport transport = new ObservedTransport(net.transport(), hooks::saw);
      Rale node = Rale.init(config.raleConfig(), transport, progress);
      rale = node;
      log.info("{}", place(node.view().self()));
      OwnEntry.warning(own(), node.view().membership()).ifPresent(log::warn);
      ListedMembers.warning(config.founders(), node.view().membership()).ifPresent(log::warn);
      Thread thread = new Thread(() -> run(node), "rale-loop");
      loop = thread;
      thread.start();
      Settling.begin(progress.fileBytes());
      hooks.start();
      return ready(net);
    } catch (ClusterDbException e) {
      net.close();
      boolean busy = e.kind() == ClusterDbException.Kind.LOCKED;
      throw new StartException(busy ? ExitCode.FAILED : ExitCode.BAD_DATA, words(e), e);
    } catch (IOException e) {
      net.close();
      throw new StartException(
          ExitCode.FAILED,
          "data directory " + config.dataDirectory() + " can't be used: " + e.getMessage(),
          e);
    }
  }

  private Founder own() {
    return new Founder(
        config.nodeId(),
        config.nodeName(),
        config.bindIp(),
        config.ralePort(),
        config.dstorePort());
  }

  /** A data directory in the wrong place is empty, and looks like a first start. */
  private String place(Identity self) {
    Path file = config.dataDirectory().toAbsolutePath().normalize().resolve("cluster.db");
    return self.inCluster()
        ? String.format(Locale.ROOT, "%s is of cluster %016x", file, self.clusterId())
        : file + " is of no cluster yet";
  }

  private Network bind() throws StartException {
    try {
      return Network.bind(netConfig());
    } catch (PortException e) {
      throw new StartException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  private NetConfig netConfig() {
    return new NetConfig(
        config.bindIp(),
        config.ralePort(),
        config.dstorePort(),
        config.controlSocket(),
        config.nodePriority(),
        config.election().heartbeatIntervalMs(),
        Math.toIntExact(config.keepAlive().interval().toMillis()),
        Math.toIntExact(config.keepAlive().timeout().toMillis()),
        new ClientLimits(
            config.maxConnections(),
            Math.toIntExact(config.requestTimeout().toMillis()),
            config.maxValueBytes()));
  }

  /** Three sentences or more: what is wrong, how that was seen, what to do. */
  static String words(ClusterDbException e) {
    String words = e.getMessage() + ". " + e.detail() + " " + e.hint();
    return e.kind() == ClusterDbException.Kind.DAMAGED
        ? words + " \"ralectrl DB check " + e.file() + "\" says what is readable in it."
        : words;
  }

  private String ready(Network net) {
    return "raled: node "
        + config.nodeId()
        + " ready (rale "
        + address(net.raleAddress())
        + "/udp, dstore "
        + address(net.dstoreAddress())
        + "/tcp, control "
        + config.controlSocket()
        + ")";
  }

  /** As people write it: {@code [::1]:7400}. */
  static String address(InetSocketAddress address) {
    String host = NetUtil.toAddressString(address.getAddress());
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** The loop thread's life. */
  private void run(Rale node) {
    try {
      node.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // Logged where it happened. What the node believes can't be trusted any more: no hand-over.
      failed = true;
      log.debug("the loop ended", e);
      requestStop(false);
    }
  }

  private RequestHandler connection() {
    long connection = connections.incrementAndGet();
    return (request, timeoutMs, reply) -> submit(connection, request, timeoutMs, reply);
  }

  private void submit(long connection, Request request, int timeoutMs, Consumer<Response> reply) {
    Rale node = rale;
    if (request instanceof Request.Stop) {
      reply.accept(new Response.Stopping());
      requestStop(true);
    } else if (node == null) {
      reply.accept(
          request instanceof Request.Status ? withProcess(progress.status()) : progress.refusal());
    } else if (request instanceof Request.Status) {
      node.submit(request, timeoutMs, status -> reply.accept(withProcess(status)));
    } else {
      node.submit(connection, request, timeoutMs, reply);
    }
  }

  /** The library knows its node; the process is this one's to add. */
  private static Response withProcess(Response status) {
    if (!(status instanceof Response.StatusReport report)) {
      return status;
    }
    List<Response.Field> fields = new ArrayList<>(report.fields());
    fields.add(Response.Field.of("pid", ProcessHandle.current().pid()));
    return new Response.StatusReport(fields);
  }

  @Override
  public void requestStop(boolean gracefully) {
    if (!gracefully) {
      graceful = false;
      hurry();
    }
    stopAsked.countDown();
  }

  /** A graceful end may be under way, and wait for a client or for a new leader. */
  private void hurry() {
    Network net = network;
    if (net != null) {
      net.dropClients();
    }
    Rale node = rale;
    if (node != null) {
      node.hurry();
    }
    hooks.hurry();
  }

  @Override
  public String status() {
    Rale node = rale;
    return node == null ? "starting" : node.getStatus();
  }

  @Override
  public String health() {
    Network net = network;
    if (net == null) {
      return "starting";
    }
    Runtime runtime = Runtime.getRuntime();
    return net.connections()
        + " client connections over "
        + net.kind()
        + "; "
        + net.transport().health()
        + "; "
        + ((runtime.totalMemory() - runtime.freeMemory()) >> 20)
        + " MiB of heap in use";
  }

  /**
   * Logging is the daemon's; what is left of the reloadable keys are hooks and the links'
   * intervals.
   */
  @Override
  public void reload(NodeConfig fresh) {
    hooks.configure(fresh.hooks());
    Network net = network;
    if (net != null) {
      net.transport()
          .keepAlive(
              Math.toIntExact(fresh.keepAlive().interval().toMillis()),
              Math.toIntExact(fresh.keepAlive().timeout().toMillis()));
    }
  }

  @Override
  public int awaitEnd() throws InterruptedException {
    stopAsked.await();
    Network net = network;
    Rale node = rale;
    if (net != null && node != null) {
      end(net, node);
    }
    return failed ? ExitCode.FAILED : ExitCode.OK;
  }

  private void end(Network net, Rale node) throws InterruptedException {
    try {
      if (graceful) {
        net.finishClients(config.requestTimeout().toMillis());
      }
      if (graceful && !failed) {
        node.finit();
      } else {
        node.close();
      }
    } catch (IOException e) {
      // Everything acknowledged was synced before; a close that fails takes nothing back.
      log.warn("cluster.db was not closed cleanly: {}", e.toString());
    } finally {
      net.close();
      // The node leads nobody any more.
      hooks.stop(graceful || failed ? HOOKS_LAST : Duration.ZERO);
    }
    Thread thread = loop;
    if (thread != null) {
      thread.join(1000);
    }
    log.info("stopped");
  }
}
