package org.rale.ralectrl.db;

import java.util.Locale;
import java.util.stream.Collectors;
import org.rale.command.JsonLine;
import org.rale.raft.Member;
import org.rale.raft.Membership;

/** How a membership looks. */
final class Members {
  private Members() {}

  /** The members in the words of cluster_members, and who of them has no vote. */
  static String text(Membership membership) {
    return membership.isEmpty()
        ? "none"
        : membership.members().stream().map(Members::text).collect(Collectors.joining(", "));
  }

  static String text(Member member) {
    String host = member.host().contains(":") ? "[" + member.host() + "]" : member.host();
    return "%d:%s:%s:%d:%d%s"
        .formatted(
            member.id(),
            member.name(),
            host,
            member.ralePort(),
            member.dstorePort(),
            member.voter() ? "" : " (learner)");
  }

  static JsonLine json(JsonLine line, Membership membership) {
    line.name("members").open('[');
    for (Member member : membership.members()) {
      line.open('{')
          .field("id", member.id())
          .field("name", member.name())
          .field("ip", member.host())
          .field("rale_port", member.ralePort())
          .field("dstore_port", member.dstorePort())
          .field("incarnation", hex(member.incarnation()))
          .field("voter", member.voter())
          .close('}');
    }
    return line.close(']');
  }

  /** As STATUS and the logs show the random numbers that name clusters and disks. */
  static String hex(long id) {
    return String.format(Locale.ROOT, "%016x", id);
  }
}
