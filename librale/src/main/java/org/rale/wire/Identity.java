package org.rale.wire;

/**
 * Who a node is (S-06). All three stand in cluster.db, in every handshake and in every datagram.
 *
 * @param clusterId random, drawn when the cluster was founded; 0: in no cluster yet
 * @param nodeId 1 to 10,000
 * @param incarnation random, drawn when this node's cluster.db was made; never 0
 */
public record Identity(long clusterId, int nodeId, long incarnation) {
  public boolean inCluster() {
    return clusterId != 0;
  }

  public Identity inCluster(long id) {
    return new Identity(id, nodeId, incarnation);
  }
}
