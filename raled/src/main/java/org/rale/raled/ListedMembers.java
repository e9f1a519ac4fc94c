package org.rale.raled;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.rale.RaleConfig.Founder;
import org.rale.raft.Member;
import org.rale.raft.Membership;

/**
 * The list {@code cluster_members} beside the members that cluster.db has. Once a cluster is
 * founded the list counts for nothing, and who edits it to change the cluster must hear so.
 */
final class ListedMembers {
  private ListedMembers() {}

  /**
   * A warning that tells all differences; empty where there are none, or where there is nothing to
   * compare.
   *
   * @param listed empty where the configuration has no such list
   * @param known without members where the node is in no cluster
   */
  static Optional<String> warning(List<Founder> listed, Membership known) {
    if (listed.isEmpty() || known.size() == 0) {
      return Optional.empty();
    }
    List<String> differences = differences(listed, known);
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "cluster_members differs from cluster.db, which counts: "
                + String.join("; ", differences)
                + ". Correct the list; ADD and REMOVE change the members");
  }

  private static List<String> differences(List<Founder> listed, Membership known) {
    List<String> differences = new ArrayList<>();
    for (Founder founder : listed) {
      Optional<Member> member = member(known, founder.id());
      String wanted = words(founder);
      if (member.isEmpty()) {
        differences.add("node " + founder.id() + " is listed, and is no member");
      } else if (!words(member.get()).equals(wanted)) {
        differences.add(
            "node " + founder.id() + " is " + words(member.get()) + ", and listed as " + wanted);
      }
    }
    for (Member member : known.members()) {
      if (listed.stream().noneMatch(founder -> founder.id() == member.id())) {
        differences.add("node " + member.id() + " is a member, and not listed");
      }
    }
    return differences;
  }

  private static Optional<Member> member(Membership known, int id) {
    return known.members().stream().filter(member -> member.id() == id).findFirst();
  }

  private static String words(Founder node) {
    return words(node.name(), node.host(), node.ralePort(), node.dstorePort());
  }

  private static String words(Member node) {
    return words(node.name(), node.host(), node.ralePort(), node.dstorePort());
  }

  private static String words(String name, String host, int ralePort, int dstorePort) {
    return String.format(Locale.ROOT, "%s at %s ports %d and %d", name, host, ralePort, dstorePort);
  }
}
