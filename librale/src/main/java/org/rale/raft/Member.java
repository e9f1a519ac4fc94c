package org.rale.raft;

/**
 * A node as the membership knows it.
 *
 * @param id 1 to 10,000
 * @param host an IPv4 or IPv6 address or a host name, without brackets
 * @param incarnation the random number that the node drew when it made its cluster.db: another one
 *     under the same id is another disk, which may have forgotten a vote (S-06)
 * @param voter false for a learner, which gets the log and has no say
 */
public record Member(
    int id,
    String name,
    String host,
    int ralePort,
    int dstorePort,
    long incarnation,
    boolean voter) {

  public Member asVoter() {
    return new Member(id, name, host, ralePort, dstorePort, incarnation, true);
  }

  /** Whether it is reached where the other one is reached. */
  public boolean sameAddress(Member other) {
    return host.equals(other.host) && ralePort == other.ralePort && dstorePort == other.dstorePort;
  }
}
