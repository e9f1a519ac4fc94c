package org.rale.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.rale.raft.Member;
import org.rale.raft.PeerStatus;
import org.rale.raft.RaftStatus;
import org.rale.raft.Role;
import org.rale.request.NodeInfo;
import org.rale.request.PathInfo;
import org.rale.request.Response;
import org.rale.request.Response.Field;

/** STATUS and LIST: what this node knows by itself. */
final class Reports {
  private final Unit unit;
  private final Snapshots snapshots;
  private final Digests digests;
  private final Problem problem;

  Reports(Unit unit, Snapshots snapshots, Digests digests, Problem problem) {
    this.unit = unit;
    this.problem = problem;
    this.snapshots = snapshots;
    this.digests = digests;
  }

  Response.StatusReport status() {
    RaftStatus raft = unit.raft().status();
    List<Field> fields = new ArrayList<>();
    fields.add(Field.of("node_id", unit.nodeId()));
    fields.add(Field.of("role", ownRole(raft)));
    fields.add(Field.of("cluster_size", raft.membership().size()));
    fields.add(Field.of("leader_id", raft.leaderId()));
    fields.add(Field.of("term", raft.term()));
    fields.add(Field.of("voted_for", raft.votedFor() == 0 ? -1 : raft.votedFor()));
    fields.add(Field.of("last_log_index", raft.lastIndex()));
    fields.add(Field.of("last_log_term", raft.lastTerm()));
    fields.add(Field.of("commit_index", raft.commitIndex()));
    fields.add(Field.of("last_applied", raft.appliedIndex()));
    fields.add(Field.of("node_name", unit.config.self().name()));
    String state = state(raft);
    fields.add(Field.of("state", state));
    fields.add(
        Field.of("cluster_id", String.format(Locale.ROOT, "%016x", unit.identity().clusterId())));
    fields.add(Field.of("voters", raft.membership().voters().size()));
    fields.add(Field.of("voters_online", unit.online(raft.membership())));
    fields.add(Field.of("durable_index", raft.durableIndex()));
    fields.add(Field.of("snapshot_index", snapshots.snapshotIndex()));
    fields.add(Field.of("keys", unit.store().size()));
    fields.add(Field.of("live_bytes", unit.store().liveBytes()));
    fields.add(
        Field.of("state_hash", String.format(Locale.ROOT, "%016x", unit.store().stateHash())));
    fields.add(Field.of("silence_ms", (long) raft.silentTicks() * unit.config.tickMs()));
    fields.add(Field.of("election_timeout_ms", (long) raft.timeoutTicks() * unit.config.tickMs()));
    list().nodes().forEach(node -> measured(node).forEach(fields::add));
    String sentence = problem.of(state);
    if (sentence != null) {
      fields.add(Field.of("problem", sentence));
    }
    return new Response.StatusReport(fields);
  }

  /** Flat, so that each is a field of its own. */
  private static Stream<Field> measured(NodeInfo node) {
    return node.measured().stream()
        .map(
            field ->
                new Field("peer_" + node.id() + "_" + field.name(), field.value(), field.number()));
  }

  /** Whom this node takes for the leader. */
  Response.Leader leader() {
    int id = unit.raft().leaderId();
    Response.Address address =
        unit.membership()
            .member(id)
            .map(it -> new Response.Address(it.name(), it.host(), it.ralePort(), it.dstorePort()))
            .orElse(null);
    return new Response.Leader(id, unit.raft().term(), address);
  }

  /** In one word what a DBA should know. */
  private String state(RaftStatus raft) {
    if (digests.differs()) {
      return "diverged";
    }
    if (unit.isLeaving()) {
      return "stopping";
    }
    if (unit.disk.isFull()) {
      return "disk_full";
    }
    if (!unit.identity().inCluster()) {
      return "no_cluster";
    }
    if (raft.removed()) {
      return "removed";
    }
    if (raft.leaderId() < 0) {
      return "no_leader";
    }
    return raft.leaderId() == unit.nodeId() || unit.links.isUp(raft.leaderId()) ? "ok" : "no_link";
  }

  /** follower, candidate, leader or learner. */
  String ownRole() {
    return ownRole(unit.raft().status());
  }

  private String ownRole(RaftStatus raft) {
    boolean learner =
        raft.membership().contains(unit.nodeId()) && !raft.membership().isVoter(unit.nodeId());
    if (learner) {
      return "learner";
    }
    if (raft.removed()) {
      // It asks in vain, and has no part in any election.
      return "follower";
    }
    return switch (raft.role()) {
      case LEADER -> "leader";
      case FOLLOWER -> "follower";
      case PRE_CANDIDATE, CANDIDATE -> "candidate";
    };
  }

  Response.Nodes list() {
    RaftStatus raft = unit.raft().status();
    List<NodeInfo> nodes = new ArrayList<>();
    for (Member member : raft.membership().members()) {
      boolean other = member.id() != unit.nodeId();
      boolean online = unit.isOnline(member.id()) || member.id() == raft.leaderId();
      Optional<PeerStatus> peer = unit.peer(member.id());
      nodes.add(
          new NodeInfo(
              member.id(),
              member.name(),
              member.host(),
              member.ralePort(),
              member.dstorePort(),
              role(raft, member, online),
              online,
              member.incarnation(),
              peer.map(PeerStatus::lost).orElse(false),
              other ? unit.out.path(member.id()) : PathInfo.NOTHING,
              peer.map(PeerStatus::match).orElse(NodeInfo.UNKNOWN),
              peer.map(it -> raft.lastIndex() - it.match()).orElse(NodeInfo.UNKNOWN)));
    }
    return new Response.Nodes(nodes);
  }

  /** Other nodes' candidacies last for milliseconds: who is online and does not lead, follows. */
  private String role(RaftStatus raft, Member member, boolean online) {
    if (member.id() == unit.nodeId()) {
      return ownRole(raft);
    }
    if (member.id() == raft.leaderId() && raft.role() != Role.LEADER) {
      return "leader";
    }
    if (!online) {
      return "unknown";
    }
    return member.voter() ? "follower" : "learner";
  }
}
