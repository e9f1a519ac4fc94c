package org.rale.raled;

import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.ClusterDbException;
import org.rale.raled.config.NodeConfig;
import org.rale.raled.rejoin.Rejoin;
import org.rale.raled.rejoin.RejoinException;
import org.rale.raled.rejoin.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that was started with --rejoin: what {@link Rejoin} does, around the start of another. */
final class RejoiningNode implements Node {
  private static final Logger log = LoggerFactory.getLogger(RejoiningNode.class);

  private final NodeConfig config;
  private final Function<NodeConfig, Node> nodes;
  private final Rejoin rejoin;
  private @Nullable Node node;
  private boolean stopped;
  private boolean atOnce;

  RejoiningNode(NodeConfig config, List<Server> servers, Function<NodeConfig, Node> nodes) {
    this.config = config;
    this.nodes = nodes;
    this.rejoin = new Rejoin(config.raleConfig(), servers, Rejoin.Patience.OF_PEOPLE);
  }

  @Override
  public String start() throws StartException {
    boolean enters = prepare();
    // Who goes back into a cluster founds none, whoever else is there.
    Node made = made(nodes.apply(enters ? config.withoutFounders() : config));
    String ready = made.start();
    if (enters) {
      Thread thread = new Thread(this::enter, "rale-rejoin");
      thread.setDaemon(true);
      thread.start();
    }
    return ready;
  }

  private boolean prepare() throws StartException {
    try {
      return rejoin.prepare();
    } catch (RejoinException e) {
      int exitCode =
          switch (e.kind()) {
            case WRONG -> ExitCode.USAGE;
            case REFUSED -> ExitCode.FAILED;
            case STOPPED -> ExitCode.OK;
          };
      throw new StartException(exitCode, String.valueOf(e.getMessage()), e);
    } catch (ClusterDbException e) {
      // Nothing but the lock: what is wrong with the file is why we are here.
      throw new StartException(ExitCode.FAILED, RaleNode.words(e), e);
    } catch (IOException e) {
      throw new StartException(
          ExitCode.FAILED,
          "data directory " + config.dataDirectory() + " can't be used: " + e.getMessage(),
          e);
    }
  }

  private void enter() {
    try {
      rejoin.enter();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      log.warn("what --rejoin left in the data directory was not deleted: {}", e.toString());
    }
  }

  /** A stop that came before is passed on. */
  private synchronized Node made(Node fresh) {
    node = fresh;
    if (stopped) {
      fresh.requestStop(!atOnce);
    }
    return fresh;
  }

  private synchronized @Nullable Node node() {
    return node;
  }

  @Override
  public void requestStop(boolean graceful) {
    rejoin.stop();
    Node made;
    synchronized (this) {
      stopped = true;
      atOnce |= !graceful;
      made = node;
    }
    if (made != null) {
      made.requestStop(graceful);
    }
  }

  @Override
  public String status() {
    Node made = node();
    return made == null ? "rejoining" : made.status();
  }

  @Override
  public String health() {
    Node made = node();
    return made == null ? "rejoining" : made.health();
  }

  @Override
  public void reload(NodeConfig fresh) {
    Node made = node();
    if (made != null) {
      made.reload(fresh);
    }
  }

  @Override
  public int awaitEnd() throws InterruptedException {
    Node made = node();
    if (made == null) {
      throw new IllegalStateException("not started");
    }
    return made.awaitEnd();
  }
}
