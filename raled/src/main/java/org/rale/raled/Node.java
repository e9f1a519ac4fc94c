package org.rale.raled;

import org.rale.raled.config.NodeConfig;

/**
 * A running node, as {@link Main} sees it: replica, disk and network together.
 *
 * <p>{@link #start} is called once, then {@link #awaitEnd} once, both by the main thread. All other
 * methods may be called by any thread at any time, also before and during the start, and return at
 * once.
 */
public interface Node {

  /**
   * Opens cluster.db, listens, and begins to serve.
   *
   * @return the line that says so: {@code raled: node 1 ready (rale 127.0.0.1:7400/udp, dstore
   *     127.0.0.1:7401/tcp, control ...)}
   * @throws StartException where it can't; all that it had opened is closed again. A stop that was
   *     asked for during the start is no such failure: the node starts, and ends at once
   */
  String start() throws StartException;

  /**
   * Asks the node to end. More than once is allowed; a later immediate stop overtakes a graceful
   * one.
   *
   * @param graceful hand leadership over and answer the requests that wait, within a bounded time.
   *     Otherwise drop them: nothing that was acknowledged is lost by that either
   */
  void requestStop(boolean graceful);

  /** The answer to STATUS, for the log (SIGUSR1). */
  String status();

  /** Queues, delays, links and memory in one line, for the log (SIGUSR2). */
  String health();

  /**
   * Takes the reloadable keys of a configuration (SIGHUP); all other keys are those that the node
   * was made with.
   */
  void reload(NodeConfig config);

  /**
   * Waits until the node has ended and has closed all that it had opened.
   *
   * @return one of {@link ExitCode}
   */
  int awaitEnd() throws InterruptedException;
}
