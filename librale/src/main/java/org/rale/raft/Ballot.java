package org.rale.raft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One question, for votes or pre-votes, and who answered it how. */
final class Ballot {
  private final int self;
  private final Map<Integer, Denial> answers = new LinkedHashMap<>();

  Ballot(int self) {
    this.self = self;
  }

  /** Returns false where that node has answered before: its first answer counts. */
  boolean answered(int from, Denial denial) {
    return answers.putIfAbsent(from, denial) == null;
  }

  boolean hasAnswered(int id) {
    return answers.containsKey(id);
  }

  /** Whether a majority of these voters said yes, this node included where it did. */
  boolean isWon(Membership membership) {
    return yes(membership.voters()).size() >= membership.quorum();
  }

  /** How many said so. */
  long count(Denial denial) {
    return answers.values().stream().filter(denial::equals).count();
  }

  /** Who said yes, for people. */
  String yesWords(Membership membership) {
    List<Integer> yes = yes(membership.voters());
    return yes.size() + " of " + membership.voters().size() + " voters (" + nodes(yes) + ")";
  }

  /** Who did not say yes, and why, for people. */
  String noWords(Membership membership) {
    return membership.voters().stream()
        .filter(voter -> voter != self && answers.get(voter) != Denial.NONE)
        .map(voter -> "node " + voter + " " + no(answers.get(voter)))
        .collect(Collectors.joining(", "));
  }

  private List<Integer> yes(List<Integer> voters) {
    return voters.stream().filter(voter -> answers.get(voter) == Denial.NONE).toList();
  }

  private static String nodes(List<Integer> ids) {
    String words = ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return (ids.size() == 1 ? "node " : "nodes ") + words;
  }

  private static String no(@Nullable Denial denial) {
    if (denial == null) {
      return "did not answer";
    }
    return switch (denial) {
      case NONE -> "said yes";
      case OLD_TERM -> "knows a later term";
      case VOTED_OTHER -> "votes for another node";
      case LOG_BEHIND -> "has entries that this node lacks";
      case LEADER_HEARD -> "hears a leader";
      case NOT_MEMBER -> "says that this node is no member";
    };
  }
}
