package org.rale.raled;

import java.util.function.Consumer;
import org.rale.PeerEvents;
import org.rale.Transport;
import org.rale.replica.ClusterView;
import org.rale.request.PathInfo;
import org.rale.wire.PeerMessage;

/**
 * A transport, and somebody who sees, too, what it is told of the cluster. On the thread that runs
 * the node's turns: whoever sees it must not block.
 */
record ObservedTransport(Transport transport, Consumer<ClusterView> observer) implements Transport {
  @Override
  public void start(PeerEvents events, ClusterView view) {
    observer.accept(view);
    transport.start(events, view);
  }

  @Override
  public void publish(ClusterView view) {
    observer.accept(view);
    transport.publish(view);
  }

  @Override
  public void send(int nodeId, PeerMessage message) {
    transport.send(nodeId, message);
  }

  @Override
  public void flush() {
    transport.flush();
  }

  @Override
  public PathInfo path(int nodeId) {
    return transport.path(nodeId);
  }

  @Override
  public void close() {
    transport.close();
  }
}
