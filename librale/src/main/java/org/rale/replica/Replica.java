package org.rale.replica;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.rale.bytes.MalformedException;
import org.rale.clusterdb.Batch;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.Recovered;
import org.rale.dstore.DStore;
import org.rale.dstore.Outcome;
import org.rale.raft.Effect;
import org.rale.raft.Entry;
import org.rale.raft.Event;
import org.rale.raft.Input;
import org.rale.raft.Member;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.raft.RaftStatus;
import org.rale.request.Response;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/**
 * A node: rules, table and file as one.
 *
 * <p>The caller steps what has happened, as much as is at hand, and then flushes: so what came
 * together goes to the disk with one sync and to each peer in one message.
 */
public final class Replica {
  /** In about so many turns all that waits to be applied is applied. */
  private static final int BACKLOG_TURNS = 8;

  private final Unit unit;
  private final Snapshots snapshots;
  private final Digests digests = new Digests();
  private final Reports reports;
  private final Founding founding;
  private final MembershipDesk desk;
  private final Requests requests;
  private final LeaseDesk leases;
  private final MembershipNews news;
  private final Leaving leaving;
  private int knownLeader = -1;
  private long knownTerm = -1;
  private boolean led;

  /** In this turn; see {@link ReplicaConfig#applyBytesATurn}. */
  private long appliedBytes;

  /** Members by id as they were last seen, so that one that was removed can still be told. */
  private final Map<Integer, Member> seen = new HashMap<>();

  /**
   * @param recovered what cluster.db holds; the replica owns the table from now on
   */
  public Replica(ReplicaConfig config, Recovered recovered, RandomGenerator random, Outbox out) {
    unit = new Unit(config, recovered, random, out);
    snapshots = new Snapshots(unit, recovered.snapshot().index(), recovered.use());
    news = new MembershipNews(unit);
    leaving = new Leaving(unit);
    founding = new Founding(unit);
    reports = new Reports(unit, snapshots, digests, new Problem(unit, founding));
    Formats formats = new Formats(unit);
    desk = new MembershipDesk(unit, formats);
    leases = new LeaseDesk(unit);
    requests = new Requests(unit, desk, founding, reports, leases, formats);
  }

  public void step(ReplicaInput input) {
    if (input instanceof ReplicaInput.FromPeer from) {
      receive(from.sender(), from.message());
    } else if (input instanceof ReplicaInput.Submit submit) {
      requests.submit(
          new Asker.Client(submit.token()),
          submit.connection(),
          submit.request(),
          submit.timeoutMs());
    } else if (input instanceof ReplicaInput.DiskDone done) {
      diskDone(done.sequence());
    } else if (input instanceof ReplicaInput.DiskFull full) {
      diskFull(full.why());
    } else if (input instanceof ReplicaInput.NoRoom noRoom) {
      unit.disk.drop(noRoom.sequence());
      snapshots.givenUp(noRoom.why());
    } else if (input instanceof ReplicaInput.Tick) {
      tick();
    } else if (input instanceof ReplicaInput.Woke woke) {
      unit.slept(woke.missedTicks());
      unit.ask(new Input.Woke(woke.missedTicks()));
    } else if (input instanceof ReplicaInput.LinkUp up) {
      unit.links.up(up.peer(), up.version());
      news.tell(up.peer());
      unit.ask(new Input.PeerPriority(up.peer().nodeId(), up.priority()));
    } else if (input instanceof ReplicaInput.LinkDown down) {
      unit.links.down(down.nodeId());
      unit.turns.forget(down.nodeId());
      news.forget(down.nodeId());
      unit.ask(new Input.Unlinked(down.nodeId()));
      requests.passing.linkBroke(down.nodeId());
    } else if (input instanceof ReplicaInput.LinkBroke broke) {
      unit.ask(new Input.LinkBroken(broke.nodeId()));
      requests.passing.linkBroke(broke.nodeId());
      unit.links.peer(broke.nodeId()).ifPresent(news::tell);
    } else if (input instanceof ReplicaInput.PathChanged changed) {
      unit.ask(new Input.PathChanged(changed.nodeId()));
    } else if (input instanceof ReplicaInput.ForwardDropped dropped) {
      requests.passing.dropped(dropped.nodeId(), dropped.id());
    } else if (input instanceof ReplicaInput.LinkFailed failed) {
      unit.links.failed(failed.nodeId(), failed.reason());
    } else if (input instanceof ReplicaInput.LinkRefused refused) {
      linkRefused(refused);
    } else if (input instanceof ReplicaInput.Leave) {
      requests.leave();
      leaving.begin();
    }
  }

  /** Carries out what the steps since the last call made necessary. */
  public void flush() {
    appliedBytes = 0;
    long budget = applyBudget();
    boolean moved = true;
    while (moved) {
      founding.advance();
      desk.advance();
      requests.advance();
      List<Effect> effects = unit.raft().drain(budget - appliedBytes);
      effects.forEach(this::carryOut);
      moved = noticeLeader() || !effects.isEmpty();
    }
    requests.serveReads();
    snapshots.sendWanted();
    snapshots.compactIfDue();
    if (unit.isViewOld()) {
      unit.out.publish(unit.freshView(news.newest(), departing()));
    }
  }

  /**
   * An eighth of what waits, at least: what comes in a turn is bounded, so what waits is bounded by
   * eight times that (S-16), however much slower the table is than the network.
   */
  private long applyBudget() {
    return Math.max(unit.config.applyBytesATurn(), unit.raft().unappliedBytes() / BACKLOG_TURNS);
  }

  /** Whether the last turn left work to the next one, which should come at once. */
  public boolean isBehind() {
    return requests.isBehind() || unit.raft().hasReady();
  }

  public RaftStatus raftStatus() {
    return unit.raft().status();
  }

  /** What the edge of the process should know now. */
  public ClusterView view() {
    return unit.freshView(news.newest(), departing());
  }

  /** follower, candidate, leader or learner. */
  public String role() {
    return reports.ownRole();
  }

  public Identity identity() {
    return unit.identity();
  }

  public Response.StatusReport status() {
    return reports.status();
  }

  /** A hash of the table as of the applied index, equal on every node (S-19). */
  public long stateHash() {
    return unit.store().stateHash();
  }

  /** Whether a node that is leaving has handed over what it had. */
  public boolean mayEnd() {
    return leaving.mayEnd();
  }

  private void tick() {
    unit.tick();
    unit.ask(new Input.Tick());
    founding.tick();
    snapshots.tick();
    requests.tick();
    leases.tick();
    leaving.tick();
  }

  private void diskFull(String why) {
    if (unit.disk.full()) {
      unit.note(
          Event.Level.ERROR,
          "the disk is full: node "
              + unit.nodeId()
              + " acknowledges nothing and votes for nobody until it can write ("
              + why
              + "). Free some space; it goes on by itself then");
    }
  }

  private void diskDone(long sequence) {
    if (unit.disk.isFull()) {
      unit.note(Event.Level.INFO, "the disk has room again: node " + unit.nodeId() + " goes on");
    }
    unit.disk.done(sequence);
  }

  private void linkRefused(ReplicaInput.LinkRefused refused) {
    // Says nothing of a link that the other node dialled: it may well stand.
    if (unit.links.refused(refused.nodeId(), refused.refused(), unit.now())) {
      unit.note(
          Event.Level.WARNING,
          "no link to node " + refused.nodeId() + ": " + refused.refused().reason());
    }
  }

  private void receive(Identity sender, PeerMessage message) {
    int from = sender.nodeId();
    if (isForeign(from) || !Admission.takes(unit.membership(), sender, message)) {
      return;
    }
    if (message instanceof PeerMessage.Raft raft) {
      if (!unit.identity().inCluster() && !enters(from, raft.message())) {
        return;
      }
      unit.ask(new Input.Received(from, raft.message()));
    } else if (message instanceof PeerMessage.Forward forward) {
      requests.submit(
          new Asker.Node(from, forward.id(), forward.after()),
          forward.connection(),
          forward.request(),
          forward.timeoutMs());
    } else if (message instanceof PeerMessage.ForwardReply reply) {
      requests.passing.answered(from, reply.id(), reply.response());
    } else if (message instanceof PeerMessage.ForwardLost lost) {
      requests.passing.lost(from, lost.id());
    } else if (message instanceof PeerMessage.Members members) {
      news.hear(from, members);
    } else if (message instanceof PeerMessage.StateDigest digest) {
      if (from == unit.raft().leaderId() && digests.other(digest.index(), digest.hash())) {
        diverged(digest.index());
      }
    }
  }

  /**
   * Whether the node was let in while this one was in no cluster, and is in another one than the
   * one that this node has entered since. Its link is about to be closed (S-06).
   */
  private boolean isForeign(int from) {
    Identity own = unit.identity();
    return own.inCluster()
        && unit.links
            .peer(from)
            .filter(peer -> peer.inCluster() && peer.clusterId() != own.clusterId())
            .isPresent();
  }

  /** A node in no cluster hears only a leader that takes it in. */
  private boolean enters(int from, Message message) {
    boolean entries =
        message instanceof Message.AppendRequest || message instanceof Message.SnapshotPiece;
    Identity leader = unit.links.peer(from).orElse(null);
    if (!entries || leader == null || !leader.inCluster()) {
      return false;
    }
    founding.enter(leader.clusterId(), from);
    return true;
  }

  private void carryOut(Effect effect) {
    if (effect instanceof Effect.Send send) {
      post(send);
    } else if (effect instanceof Effect.Persist persist) {
      persist(persist);
    } else if (effect instanceof Effect.Apply apply) {
      apply(apply.entries());
    } else if (effect instanceof Effect.Accepted accepted) {
      if (accepted.token() < Unit.LEAVE_TOKEN) {
        desk.accepted(accepted.token(), accepted.index());
      } else {
        requests.accepted(accepted.token(), accepted.index(), accepted.term());
      }
    } else if (effect instanceof Effect.Refused refused) {
      if (refused.token() == Unit.LEAVE_TOKEN) {
        leaving.refused(refused.refusal());
      } else if (refused.token() < Unit.LEAVE_TOKEN) {
        desk.refused(refused.token(), refused.refusal());
      } else {
        requests.refused(refused.token(), refused.refusal());
      }
    } else if (effect instanceof Effect.ReadReady ready) {
      requests.readReady(ready);
    } else if (effect instanceof Effect.Note note) {
      unit.out.note(note.event());
    } else if (effect instanceof Effect.MembershipChanged) {
      unit.viewChanged();
      news.tellAll();
    } else {
      carryOutSnapshot(effect);
    }
  }

  private void carryOutSnapshot(Effect effect) {
    if (effect instanceof Effect.SendSnapshot send) {
      snapshots.send(send.to());
    } else if (effect instanceof Effect.StopSnapshot stop) {
      snapshots.stop(stop.to());
    } else if (effect instanceof Effect.PieceAnswer answer) {
      snapshots.answered(answer.from(), answer.answer());
    } else if (effect instanceof Effect.Piece piece) {
      snapshots.receive(piece);
    } else if (effect instanceof Effect.Install install) {
      snapshots.install(install);
    }
  }

  private void post(Effect.Send send) {
    unit.out.send(send.to(), new PeerMessage.Raft(send.message()));
  }

  private void persist(Effect.Persist persist) {
    snapshots.written(persist.entries());
    unit.disk.order(
        sequence ->
            new DiskTask.Write(
                sequence, new Batch(persist.hardState(), persist.entries(), persist.commit())),
        () -> {
          persist.then().forEach(this::post);
          unit.ask(new Input.Persisted(persist.batch()));
        });
  }

  private void apply(List<Entry> entries) {
    for (int i = 0; i < entries.size(); i++) {
      if (i % DStore.PREFETCHED == 0) {
        List<Entry> rest = entries.subList(i, entries.size());
        int due = Math.min(rest.size(), DStore.PREFETCHED);
        unit.store().prefetch(Payload.Command.of(rest, due));
      }
      apply(entries.get(i));
    }
  }

  private void apply(Entry entry) {
    appliedBytes += entry.memoryBytes();
    if (entry.payload() instanceof Payload.Command command) {
      try {
        Operation operation = requests.applying(entry);
        Outcome outcome = unit.store().apply(entry.index(), command.bytes());
        leases.applied(entry, outcome);
        requests.applied(operation, entry, outcome);
      } catch (MalformedException e) {
        // Every node has this entry, and one that can't apply it would fall out of step for good.
        throw new IllegalStateException(
            "entry " + entry.index() + " is no command: " + e.getMessage(), e);
      }
    } else {
      unit.store().skip(entry.index());
      leases.applied(entry, null);
      if (entry.payload() instanceof Payload.Members) {
        news.tellAll();
      }
    }
    if (Digests.isDue(entry.index())) {
      digest(entry.index());
    }
  }

  private void digest(long index) {
    long hash = unit.store().stateHash();
    if (digests.own(index, hash)) {
      diverged(index);
    }
    if (unit.leads()) {
      for (Member member : unit.membership().members()) {
        if (member.id() != unit.nodeId()) {
          unit.out.send(member.id(), new PeerMessage.StateDigest(index, hash));
        }
      }
    }
  }

  private void diverged(long index) {
    unit.note(
        Event.Level.ERROR,
        "the table of node "
            + unit.nodeId()
            + " differs from the leader's at index "
            + index
            + ": memory, disk or code is broken on one of them. Compare STATUS (state_hash) of all"
            + " nodes, then REMOVE the odd one, empty its data directory and ADD it again");
  }

  /** Returns whether another node leads now, or none, or another term runs. */
  private boolean noticeLeader() {
    int leader = unit.raft().leaderId();
    long term = unit.raft().term();
    boolean leads = unit.leads();
    if (leader == knownLeader && term == knownTerm && leads == led) {
      return false;
    }
    knownLeader = leader;
    knownTerm = term;
    unit.viewChanged();
    if (led && !leads) {
      desk.leadershipLost();
    }
    led = leads;
    requests.leaderChanged(leader);
    return true;
  }

  private List<Member> departing() {
    unit.membership().members().forEach(member -> seen.put(member.id(), member));
    return unit.raft().departing().stream().flatMap(id -> Stream.ofNullable(seen.get(id))).toList();
  }
}
