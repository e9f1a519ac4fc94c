package org.rale;

import org.rale.replica.ClusterView;
import org.rale.request.PathInfo;
import org.rale.wire.PeerMessage;

/**
 * How nodes reach each other. The daemon's one is Netty; a test's may be a list.
 *
 * <p>All methods but {@link #path} and {@link #close} are called by whichever thread runs the
 * node's turns, one at a time, and must not block.
 */
public interface Transport extends AutoCloseable {

  /** Begins to receive. Called once, before anything is sent. */
  void start(PeerEvents events, ClusterView view);

  /** Links to {@link ClusterView#peers} are wanted from now on, and to nobody else. */
  void publish(ClusterView view);

  /** Best effort: lost where there is no way to the node, or its queue is full. */
  void send(int nodeId, PeerMessage message);

  /** A turn is over: what was sent in it may leave. */
  void flush();

  /** What is known of the way to the node. Any thread. */
  default PathInfo path(int nodeId) {
    return PathInfo.NOTHING;
  }

  @Override
  void close();
}
