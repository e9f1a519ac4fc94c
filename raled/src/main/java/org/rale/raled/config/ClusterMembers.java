package org.rale.raled.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rale.RaleConfig.Founder;
import org.rale.raft.Membership;
import org.rale.request.Limits;
import org.rale.settings.BadValueException;

/**
 * The value of {@code cluster_members}: who founds the cluster together.
 *
 * @param founders in the order in which they were written
 */
record ClusterMembers(List<Founder> founders) {
  private static final String FORM = "id:name:ip:rale_port:dstore_port";

  /** A host has no colon, or is an IPv6 address in brackets. */
  private static final Pattern MEMBER =
      Pattern.compile("([^:]*):([^:]*):(\\[[^\\]]*]|[^:\\[\\]]*):([^:]*):([^:]*)");

  static final Kind<ClusterMembers> KIND =
      new Kind<>(
          ClusterMembers.class,
          FORM + " for each member, with commas between them and IPv6 addresses in brackets",
          FORM + ", ...",
          ClusterMembers::parse);

  private static final Kind<Integer> ID = Kinds.number(1, Limits.MAX_NODE_ID, "");
  private static final Kind<Integer> PORT = Kinds.number(1, 65535, "");

  ClusterMembers {
    founders = List.copyOf(founders);
  }

  private static ClusterMembers parse(String text) throws BadValueException {
    List<Founder> founders = new ArrayList<>();
    if (!text.isBlank()) {
      for (String member : text.split(",", -1)) {
        Founder founder = member(member.strip());
        for (Founder earlier : founders) {
          mustDiffer(earlier, founder);
        }
        founders.add(founder);
      }
    }
    if (founders.size() > Membership.MAX_MEMBERS) {
      throw new BadValueException(
          "There are "
              + founders.size()
              + " members: expected at most "
              + Membership.MAX_MEMBERS
              + ".");
    }
    return new ClusterMembers(founders);
  }

  private static Founder member(String text) throws BadValueException {
    Matcher parts = MEMBER.matcher(text);
    if (!parts.matches()) {
      throw new BadValueException(
          "The member \"" + text + "\" is not of the form " + FORM + "; IPv6 needs brackets.");
    }
    return new Founder(
        part(ID, "id", parts.group(1), text),
        part(Kinds.NODE_NAME, "name", parts.group(2), text),
        part(Hosts.PEER, "address", parts.group(3), text),
        part(PORT, "rale_port", parts.group(4), text),
        part(PORT, "dstore_port", parts.group(5), text));
  }

  private static <T> T part(Kind<T> kind, String name, String text, String member)
      throws BadValueException {
    try {
      return kind.parse(text.strip());
    } catch (BadValueException e) {
      throw new BadValueException(
          "In the member \""
              + member
              + "\" the "
              + name
              + " is \""
              + text.strip()
              + "\": expected "
              + kind.expected()
              + ".");
    }
  }

  private static void mustDiffer(Founder one, Founder other) throws BadValueException {
    if (one.id() == other.id()) {
      throw new BadValueException("Two members have the id " + one.id() + ".");
    }
    if (one.name().equals(other.name())) {
      throw new BadValueException("Two members have the name " + one.name() + ".");
    }
    if (one.host().equals(other.host())
        && (one.ralePort() == other.ralePort() || one.dstorePort() == other.dstorePort())) {
      throw new BadValueException(
          "The members "
              + one.id()
              + " and "
              + other.id()
              + " share a port on "
              + one.host()
              + ".");
    }
  }
}
