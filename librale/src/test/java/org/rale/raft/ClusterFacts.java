package org.rale.raft;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rale.bytes.Bytes;

/** What must be true of a {@link RandomCluster} after every step (Raft figure 3, and more). */
final class ClusterFacts {
  /** A voter in a life of its disk, in a term. */
  private record Ballot(int voter, long incarnation, long term) {}

  /** A read that waits for its answer: who was asked, and what had been committed by then. */
  private record Asked(int node, long committed) {}

  private record LeaderLog(long term, long lastIndex) {}

  private final Map<Integer, RandomNode> nodes;
  private final Map<Long, Integer> leaders = new HashMap<>();
  private final Map<Ballot, Integer> votes = new HashMap<>();
  private final Map<Integer, LeaderLog> leaderLogs = new HashMap<>();
  private final Map<Integer, Long> leaderCommits = new HashMap<>();
  private final Map<Long, Asked> reads = new HashMap<>();
  private final Map<Long, String> proposals = new HashMap<>();
  private final Set<String> refused = new HashSet<>();

  /** Every entry that some node has applied: all that was ever committed, for sure. */
  private final List<Entry> committed = new ArrayList<>();

  ClusterFacts(Map<Integer, RandomNode> nodes) {
    this.nodes = nodes;
  }

  void proposed(long token, String value) {
    proposals.put(token, value);
  }

  void readAsked(RandomNode node, long token) {
    reads.put(token, new Asked(node.id, committed.size()));
  }

  void crashed(RandomNode node) {
    reads.values().removeIf(asked -> asked.node() == node.id);
    leaderLogs.remove(node.id);
    leaderCommits.remove(node.id);
  }

  /** A node votes once in a term, whatever crashes lie between (section 5.2). */
  void sent(RandomNode from, Message message, int to) {
    if (message instanceof Message.VoteResponse vote && vote.granted()) {
      Ballot ballot = new Ballot(from.id, from.incarnation(), vote.term());
      Integer before = votes.putIfAbsent(ballot, to);
      demand(before == null || before == to, "S-01 %s voted for %s and %s", ballot, before, to);
    }
  }

  void happened(RandomNode node, Effect effect) {
    if (effect instanceof Effect.Apply apply) {
      apply.entries().forEach(entry -> applied(node, entry));
    } else if (effect instanceof Effect.ReadReady ready) {
      Asked asked = reads.remove(ready.token());
      demand(
          asked == null || ready.index() >= asked.committed(),
          "S-12 read %s at %s, but %s was committed when it was asked",
          ready.token(),
          ready.index(),
          asked);
    } else if (effect instanceof Effect.Refused no) {
      reads.remove(no.token());
      String value = proposals.get(no.token());
      if (value != null) {
        refused.add(value);
      }
    }
  }

  /** State machine safety: the same entry at the same index everywhere (5.4.3, S-20). */
  private void applied(RandomNode node, Entry entry) {
    demand(
        entry.index() == node.appliedIndex() + 1,
        "node %s applies %s behind %s",
        node.id,
        entry.index(),
        node.appliedIndex());
    node.applied(entry.index());
    if (entry.index() <= committed.size()) {
      Entry before = committed.get((int) entry.index() - 1);
      demand(before.equals(entry), "node %s applies %s, not %s", node.id, entry, before);
      return;
    }
    demand(entry.index() == committed.size() + 1, "a gap before %s", entry);
    if (entry.payload() instanceof Payload.Command command) {
      String value = text(command.bytes());
      demand(!refused.contains(value), "S-15 %s was refused and is committed", value);
    }
    committed.add(entry);
  }

  /** What a leader commits is on the disks of a majority of its voters (S-02, 5.3). */
  private void checkCommit(RandomNode leader) {
    long commit = leader.raft().status().commitIndex();
    Long before = leaderCommits.put(leader.id, commit);
    if (before == null || commit == before) {
      return;
    }
    Membership membership = leader.raft().membership();
    long term = leader.raft().termAt(commit);
    long holders =
        membership.voters().stream()
            .filter(voter -> nodes.containsKey(voter) && nodes.get(voter).holds(commit, term))
            .count();
    demand(
        holders >= membership.quorum(),
        "S-02 leader %s commits %s of term %s, which is on %s disks only",
        leader.id,
        commit,
        term,
        holders);
    demand(
        term == leader.raft().term(), "S-08 %s of term %s is committed by counting", commit, term);
  }

  void check(RandomNode node) {
    Raft raft = node.raft();
    if (raft.role() != Role.LEADER) {
      leaderLogs.remove(node.id);
      leaderCommits.remove(node.id);
      return;
    }
    checkCommit(node);
    Integer before = leaders.putIfAbsent(raft.term(), node.id);
    demand(
        before == null || before == node.id,
        "election safety: %s and %s lead term %s",
        before,
        node.id,
        raft.term());
    long last = raft.status().lastIndex();
    LeaderLog log = leaderLogs.put(node.id, new LeaderLog(raft.term(), last));
    if (log == null || log.term() != raft.term()) {
      checkComplete(node, last);
      checkMatching(node);
    } else {
      demand(last >= log.lastIndex(), "leader %s cut its log", node.id);
    }
  }

  /** Leader completeness: what was committed is in the log of every later leader (5.4). */
  private void checkComplete(RandomNode leader, long last) {
    boolean newest = leaders.keySet().stream().allMatch(term -> term <= leader.raft().term());
    if (!newest) {
      return;
    }
    demand(last >= committed.size(), "leader %s lacks %s", leader.id, committed.size());
    for (Entry entry : committed) {
      long term = leader.raft().termAt(entry.index());
      demand(
          term == entry.term() || (term < 0 && entry.index() <= leader.appliedIndex()),
          "leader %s of term %s has term %s at %s",
          leader.id,
          leader.raft().term(),
          term,
          entry);
    }
  }

  /** Log matching: logs with the same term at an index are the same before it (5.3). */
  private void checkMatching(RandomNode one) {
    for (RandomNode other : nodes.values()) {
      if (other == one || !other.isUp()) {
        continue;
      }
      boolean same = false;
      for (long at = one.raft().status().lastIndex(); at > 0; at--) {
        long mine = one.raft().termAt(at);
        long theirs = other.raft().termAt(at);
        if (mine >= 0 && theirs >= 0) {
          demand(!same || mine == theirs, "nodes %s and %s differ at %s", one.id, other.id, at);
          same = mine == theirs;
        }
      }
    }
  }

  /** Whether the proposal of the leader is applied by every member it knows. */
  boolean healed(RandomNode leader, long token) {
    boolean done =
        committed.stream()
            .anyMatch(
                entry ->
                    entry.payload() instanceof Payload.Command command
                        && text(command.bytes()).equals("healed" + token));
    return done
        && leader.raft().membership().members().stream()
            .map(member -> nodes.get(member.id()))
            .allMatch(node -> node != null && node.appliedIndex() == committed.size());
  }

  void checkNoReadHangs() {
    demand(reads.isEmpty(), "reads that never ended: %s", reads);
  }

  int committedCount() {
    return committed.size();
  }

  private static String text(Bytes bytes) {
    return new String(bytes.toByteArray(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static void demand(boolean holds, String message, Object... arguments) {
    if (!holds) {
      throw new AssertionError(String.format(java.util.Locale.ROOT, message, arguments));
    }
  }
}
