package org.rale.replica;

import org.rale.clusterdb.DiskTask;
import org.rale.raft.Event;
import org.rale.request.PathInfo;
import org.rale.request.Response;
import org.rale.wire.PeerMessage;

/** What a node wants done, in this order. None of the calls may block or throw. */
public interface Outbox {

  /** May be lost, doubled or late. Nothing is sent to a node without a link or a datagram path. */
  void send(int nodeId, PeerMessage message);

  /** Carried out in order; {@link ReplicaInput.DiskDone} tells when. */
  void disk(DiskTask task);

  /** Answers the {@link ReplicaInput.Submit} with this token. */
  void reply(long token, Response response);

  void publish(ClusterView view);

  void note(Event event);

  /** What is known of the way to the node; asked where a client wants to see it. */
  PathInfo path(int nodeId);
}
