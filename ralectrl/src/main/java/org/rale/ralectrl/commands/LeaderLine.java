package org.rale.ralectrl.commands;

import org.rale.request.Response;

/** Who leads, as many words for each leader, so that {@code read} takes them apart. */
final class LeaderLine {
  private LeaderLine() {}

  static String of(Response.Leader leader) {
    if (leader.leaderId() < 0) {
      return "no leader term " + leader.term();
    }
    Response.Address address = leader.address();
    String where =
        address == null
            ? "- - -"
            : address.name() + " " + address.host() + " " + address.dstorePort();
    return "leader " + leader.leaderId() + " " + where + " term " + leader.term();
  }
}
