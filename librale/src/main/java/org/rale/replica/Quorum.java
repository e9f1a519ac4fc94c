package org.rale.replica;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rale.raft.Membership;

/** Who is missing where nobody can lead, in words. */
final class Quorum {
  private Quorum() {}

  /** Empty where enough voters are online, as far as this node knows. */
  static Optional<String> missing(Unit unit) {
    Membership members = unit.membership();
    if (members.isEmpty()) {
      return Optional.of(
          "node "
              + unit.nodeId()
              + " was taken into a cluster and has heard nothing of its members yet");
    }
    List<Integer> online = members.voters().stream().filter(unit::isOnline).sorted().toList();
    if (online.size() >= members.quorum()) {
      return Optional.empty();
    }
    String counts =
        members.quorum()
            + " of "
            + members.voters().size()
            + " voters must be online and "
            + only(online);
    return Optional.of(
        Stream.concat(
                Stream.of(counts),
                members.voters().stream()
                    .filter(voter -> !online.contains(voter))
                    .sorted()
                    .map(voter -> absence(unit, voter)))
            .collect(Collectors.joining("; ")));
  }

  /**
   * A link to a node that stands still breaks only after a while: who is linked and was not heard
   * for so long that a leader would call it offline. Empty where there is nobody like that.
   */
  static Optional<String> silent(Unit unit) {
    long patienceMs = unit.patience() * unit.config.tickMs();
    String words =
        unit.membership().voters().stream()
            .filter(voter -> voter != unit.nodeId() && unit.links.isUp(voter))
            .sorted()
            .map(voter -> new Silence(voter, unit.out.path(voter).lastContactMs()))
            .filter(silence -> silence.ms() > patienceMs)
            .map(
                silence -> "; node " + silence.id() + " was last heard " + silence.ms() + " ms ago")
            .collect(Collectors.joining());
    return words.isEmpty() ? Optional.empty() : Optional.of(words);
  }

  private record Silence(int id, long ms) {}

  private static String only(List<Integer> online) {
    if (online.isEmpty()) {
      return "none is";
    }
    String ids = online.stream().map(String::valueOf).collect(Collectors.joining(" and "));
    return online.size() == 1 ? "only node " + ids + " is" : "only nodes " + ids + " are";
  }

  private static String absence(Unit unit, int voter) {
    if (unit.links.isUp(voter)) {
      return "node " + voter + " is linked and does not answer";
    }
    return "no link to node "
        + voter
        + unit.links.obstacle(voter).map(reason -> ": " + reason).orElse("");
  }
}
