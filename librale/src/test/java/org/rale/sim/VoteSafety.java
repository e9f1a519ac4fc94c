package org.rale.sim;

import java.util.HashMap;
import java.util.Map;
import org.rale.raft.Message;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/** A disk votes once a term (S-01), and one that is in no cluster never (S-06). */
final class VoteSafety {
  private record Vote(Identity voter, long term) {}

  private final Map<Vote, Integer> votes = new HashMap<>();

  void sent(Life from, int to, PeerMessage message) {
    if (!(message instanceof PeerMessage.Raft raft)) {
      return;
    }
    boolean vote = raft.message() instanceof Message.VoteResponse response && response.granted();
    boolean preVote =
        raft.message() instanceof Message.PreVoteResponse response && response.granted();
    Identity self = from.replica().identity();
    if ((vote || preVote) && !self.inCluster()) {
      throw new SimFailure("node " + from.id() + " votes, and is in no cluster");
    }
    if (vote) {
      long term = raft.message().term();
      Integer first = votes.putIfAbsent(new Vote(self, term), to);
      if (first != null && first != to) {
        throw new SimFailure(
            "node " + from.id() + " votes for " + first + " and " + to + " in term " + term);
      }
    }
  }
}
