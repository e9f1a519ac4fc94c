package org.rale.replica;

import org.jspecify.annotations.Nullable;

/** What is wrong with this node, and what to do, in a sentence that is a field of STATUS. */
final class Problem {
  private final Unit unit;
  private final Founding founding;

  Problem(Unit unit, Founding founding) {
    this.unit = unit;
    this.founding = founding;
  }

  /**
   * Without commas and line breaks, since STATUS separates its fields by them. Null where nothing
   * is wrong, or where what is going on was asked for.
   *
   * @param state as STATUS says it
   */
  @Nullable String of(String state) {
    String sentence = sentence(state);
    return sentence == null ? null : sentence.replace(",", "").replaceAll("\\p{Cntrl}+", " ");
  }

  private @Nullable String sentence(String state) {
    int self = unit.nodeId();
    int leader = unit.raft().leaderId();
    return switch (state) {
      case "diverged" ->
          "the table of node "
              + self
              + " differs from the leader's: compare state_hash in the STATUS of all nodes; then"
              + " REMOVE the odd one; empty its data directory; ADD it again";
      case "disk_full" ->
          "the disk is full: node "
              + self
              + " acknowledges nothing and votes for nobody; free some space: it goes on by itself"
              + " then";
      case "no_cluster" -> founding.notFounded().text();
      case "removed" -> Failures.removed(self).text();
      case "no_leader" ->
          Quorum.missing(unit)
              .map(missing -> "no quorum: " + missing)
              .orElseGet(
                  () ->
                      "no leader: enough voters are linked"
                          + Quorum.silent(unit).orElse(" and an election should follow at once"));
      case "no_link" ->
          "no link to the leader node "
              + leader
              + unit.links.obstacle(leader).map(reason -> ": " + reason).orElse("")
              + "; it is heard by datagrams alone and only LOCAL reads are answered here";
      default -> null;
    };
  }
}
