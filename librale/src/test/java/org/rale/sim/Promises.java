package org.rale.sim;

import org.rale.raft.HardState;
import org.rale.raft.Message;
import org.rale.wire.PeerMessage;

/**
 * What a node promises stands on its disk when the promise goes out, by what the disk has said: its
 * term and vote (S-01), and the entries that it acknowledges (S-02).
 */
final class Promises {
  void sent(Life from, int to, PeerMessage sent) {
    if (!(sent instanceof PeerMessage.Raft raft)) {
      return;
    }
    Message message = raft.message();
    Shadow disk = from.shadow();
    HardState state = disk.durableHardState();
    if (message instanceof Message.VoteResponse vote) {
      require(keeps(state, vote.term(), vote.granted() ? to : state.votedFor()), from, message);
    } else if (message instanceof Message.VoteRequest vote) {
      require(keeps(state, vote.term(), from.id()), from, message);
    } else if (message instanceof Message.AppendResponse answer) {
      long durable = Math.max(disk.durable(), disk.durableSnapshot());
      // What a former term's leader asked for may be cut when the disk says that it is there: the
      // answer is late, and as true as if it had been on its way for so long.
      long once = disk.onceDurable(answer.term());
      boolean held = !answer.accepted() || answer.index() <= Math.max(durable, once);
      require(held && keeps(state, answer.term(), state.votedFor()), from, message);
    }
  }

  /** A later term keeps every vote: there is none in an earlier one any more. */
  private static boolean keeps(HardState state, long term, int vote) {
    return state.term() > term || state.equals(new HardState(term, vote));
  }

  private static void require(boolean kept, Life from, Message message) {
    if (!kept) {
      throw new SimFailure(
          "node "
              + from.id()
              + " sends "
              + message
              + ", and its disk holds "
              + from.shadow().durableHardState()
              + " and entries up to "
              + from.shadow().durable());
    }
  }
}
