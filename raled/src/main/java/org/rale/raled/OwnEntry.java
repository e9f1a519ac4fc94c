package org.rale.raled;

import java.util.Optional;
import org.rale.RaleConfig.Founder;
import org.rale.raft.Member;
import org.rale.raft.Membership;

/**
 * This node in the membership beside its configuration: others call it at the address that ADD
 * gave, and a data directory of another cluster has another node in it.
 */
final class OwnEntry {
  private OwnEntry() {}

  /**
   * Empty where the two agree, or where this node is no member.
   *
   * @param own as the configuration has it; the host is not compared, for ADD may have given
   *     another name of it
   */
  static Optional<String> warning(Founder own, Membership known) {
    return known
        .member(own.id())
        .filter(
            member ->
                !member.name().equals(own.name())
                    || member.ralePort() != own.ralePort()
                    || member.dstorePort() != own.dstorePort())
        .map(member -> words(own, member));
  }

  private static String words(Founder own, Member member) {
    return "the cluster knows node "
        + member.id()
        + " as "
        + member.name()
        + " with ports "
        + member.ralePort()
        + " and "
        + member.dstorePort()
        + ", and the configuration has "
        + own.name()
        + " with "
        + own.ralePort()
        + " and "
        + own.dstorePort()
        + ": is this its own data directory? To change name or ports, REMOVE the node and ADD it"
        + " again";
  }
}
