package org.rale.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.rale.raft.Message;
import org.rale.raft.RaftStatus;
import org.rale.raft.Role;
import org.rale.replica.ReplicaInput;
import org.rale.wire.PeerMessage;

/**
 * A leader to which no majority can prove any more that its log works leads no more: dead, paused,
 * without a link, or with a disk that hangs are nodes that prove nothing, whatever datagrams say
 * (S-10, S-11).
 */
final class Voices {
  /** The lease, by the slowest clock, and what was on its way when it began. */
  private static final long PATIENCE_MICROS =
      2 * Plan.ELECTION_TICKS_MAX * Plan.TICK_MS * 1000 + 400_000;

  private final World world;

  /**
   * @param voters of whom; others make another majority, which has its own time
   * @param times when each of them could last prove something to the leader
   */
  private record Proved(List<Integer> voters, Map<Integer, Long> times) {}

  private final Map<Life, Proved> proved = new WeakHashMap<>();

  Voices(World world) {
    this.world = world;
  }

  void look(Life leader, RaftStatus status) {
    if (status.role() != Role.LEADER) {
      proved.remove(leader);
      return;
    }
    long now = world.schedule.now();
    List<Integer> voters = status.membership().voters();
    Proved before = proved.get(leader);
    if (before == null || !before.voters().equals(voters)) {
      before = new Proved(voters, new HashMap<>());
      proved.put(leader, before);
    }
    Map<Integer, Long> times = before.times();
    int voices = 0;
    for (int voter : voters) {
      if (mayProve(leader, voter)) {
        times.put(voter, now);
      }
      if (now - times.computeIfAbsent(voter, first -> now) <= PATIENCE_MICROS) {
        voices++;
      }
    }
    if (now - times.getOrDefault(leader.id(), now) > PATIENCE_MICROS) {
      throw new SimFailure(
          "node "
              + leader.id()
              + " still leads term "
              + status.term()
              + ", and its own disk has hung for too long to answer anybody");
    }
    if (voices < status.membership().quorum()) {
      throw new SimFailure(
          "node "
              + leader.id()
              + " still leads term "
              + status.term()
              + ", and only "
              + voices
              + " of "
              + voters
              + " could prove in time that they store entries");
    }
  }

  /**
   * A way that comes and goes may have been open between two looks, and a full disk may have had
   * room for a batch.
   */
  void delivered(Life leader, ReplicaInput input) {
    Proved known = proved.get(leader);
    if (known == null) {
      return;
    }
    if (input instanceof ReplicaInput.FromPeer from && isAnswer(from.message())) {
      known.times().put(from.sender().nodeId(), world.schedule.now());
    } else if (input instanceof ReplicaInput.DiskDone) {
      known.times().put(leader.id(), world.schedule.now());
    }
  }

  private static boolean isAnswer(PeerMessage message) {
    return message instanceof PeerMessage.Raft raft
        && (raft.message() instanceof Message.AppendResponse
            || raft.message() instanceof Message.SnapshotResponse);
  }

  private boolean mayProve(Life leader, int voter) {
    Machine machine = world.machine(voter);
    Life life = machine.life();
    return life != null
        && !life.disk().hangs()
        && (life == leader || (!machine.isPaused() && world.network.carries(leader.id(), voter)));
  }
}
