package org.rale.request;

/**
 * A member as one node sees it.
 *
 * @param role leader, follower, candidate, learner or unknown
 * @param online whether this node hears it
 * @param incarnation of the disk that the membership knows under its id; 0 where that is not told
 * @param lost whether this node leads and takes nothing from it any more, since its disk forgot
 *     what it had acknowledged (S-06)
 */
public record NodeInfo(
    int id,
    String name,
    String host,
    int ralePort,
    int dstorePort,
    String role,
    boolean online,
    long incarnation,
    boolean lost) {

  /** A member of which this much is told. */
  public NodeInfo(
      int id, String name, String host, int ralePort, int dstorePort, String role, boolean online) {
    this(id, name, host, ralePort, dstorePort, role, online, 0, false);
  }
}
