package org.rale.raled.rejoin;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.rale.bytes.Bytes;
import org.rale.request.NodeInfo;
import org.rale.request.Request;

/**
 * Asks the leader whether this node's cluster.db still counts, and where it does not, to take the
 * node out. Nothing is thrown away before that is committed: until then the cluster counts on the
 * promises that the disk made.
 */
final class Agreement {
  private final OwnData own;
  private final Request.Add self;
  private final Seat.Home home;
  private final List<Server> servers;

  /**
   * @param self this node as its configuration has it
   * @param clusterId where it was, 0: that is not known any more
   */
  Agreement(OwnData own, Request.Add self, long clusterId, List<Server> servers) {
    this.own = own;
    this.self = self;
    this.home = new Seat.Home(self.id(), clusterId);
    this.servers = List.copyOf(servers);
  }

  /**
   * What the cluster said.
   *
   * @param isMember whether this node's cluster.db is that of a member, and taken for good; false:
   *     no cluster.db of this node counts any more, and that is committed
   * @param servers where the members were at that moment, this node left out
   */
  record Verdict(boolean isMember, long clusterId, List<Server> servers) {}

  /**
   * Asks each server once, until one of them leads to the leader, and that one agrees.
   *
   * @throws RejoinException where none may be asked again
   */
  Verdict ask() throws NotNowException, RejoinException {
    List<String> reasons = new ArrayList<>();
    List<RejoinException> wrong = new ArrayList<>();
    for (Server server : servers) {
      try (Seat seat = Seat.take(server, home)) {
        return askLeaderOf(seat);
      } catch (NotNowException | IOException e) {
        reasons.add(server + ": " + words(e));
      } catch (RejoinException e) {
        // One wrong address of several; the others may lead home.
        reasons.add(String.valueOf(e.getMessage()));
        wrong.add(e);
      }
    }
    if (wrong.size() == servers.size()) {
      throw wrong.get(0);
    }
    throw new NotNowException(String.join("; ", reasons));
  }

  /** The JDK's words differ between its releases. */
  static String words(Exception e) {
    return e instanceof ConnectException ? "connection refused" : String.valueOf(e.getMessage());
  }

  private Verdict askLeaderOf(Seat seat) throws IOException, NotNowException, RejoinException {
    if (seat.leads()) {
      return askLeader(seat);
    }
    NodeInfo leader =
        seat.members().stream()
            .filter(node -> node.role().equals("leader"))
            .findFirst()
            .orElseThrow(() -> new NotNowException("it knows no leader"));
    if (leader.id() == home.nodeId()) {
      throw new NotNowException("it takes this node for the leader still");
    }
    Server place = new Server(leader.host(), leader.dstorePort());
    try (Seat next = Seat.take(place, new Seat.Home(home.nodeId(), seat.clusterId()))) {
      if (!next.leads()) {
        throw new NotNowException("its leader, " + place + ", does not lead any more");
      }
      return askLeader(next);
    }
  }

  private Verdict askLeader(Seat leader) throws IOException, NotNowException, RejoinException {
    // A read shows that it leads still, and so that what it says of the members is true now.
    leader.ask(new Request.Keys(Bytes.EMPTY, 1), Seat.ASK_MS);
    List<NodeInfo> members = leader.members();
    Optional<NodeInfo> known =
        members.stream().filter(node -> node.id() == home.nodeId()).findFirst();
    List<Server> others = others(members);
    if (known.isPresent() && isTaken(known.get())) {
      return new Verdict(true, leader.clusterId(), others);
    }
    if (known.isPresent() && home.clusterId() == 0 && !isSelf(known.get())) {
      throw stranger(leader, known.get());
    }
    long meant = known.isPresent() ? absent(known.get()) : any();
    leader.ask(new Request.Remove(home.nodeId(), meant), Seat.ASK_MS);
    return new Verdict(false, leader.clusterId(), others);
  }

  private List<Server> others(List<NodeInfo> members) {
    Set<Server> others = new LinkedHashSet<>();
    for (NodeInfo node : members) {
      if (node.id() != home.nodeId()) {
        others.add(new Server(node.host(), node.dstorePort()));
      }
    }
    return List.copyOf(others);
  }

  private boolean isTaken(NodeInfo known) {
    return own.isWhole()
        && !known.lost()
        && own.incarnation().filter(mine -> mine == known.incarnation()).isPresent();
  }

  /**
   * Without its cluster.db a node knows only its id, and another cluster may have one of the same
   * id: it must not take that one out (S-06).
   */
  private boolean isSelf(NodeInfo known) {
    return known.name().equals(self.name())
        && known.host().equals(self.host())
        && known.ralePort() == self.ralePort()
        && known.dstorePort() == self.dstorePort();
  }

  private RejoinException stranger(Seat leader, NodeInfo known) {
    return new RejoinException(
        RejoinException.Kind.WRONG,
        String.format(
            Locale.ROOT,
            "node %d of cluster %016x is \"%s\" at %s, ports %d and %d, and this one is \"%s\" at"
                + " %s, ports %d and %d: it may be another node, and is not taken out. Correct"
                + " --server or the configuration; if it was this one, REMOVE %d by hand, and"
                + " --rejoin again",
            known.id(),
            leader.clusterId(),
            known.name(),
            known.host(),
            known.ralePort(),
            known.dstorePort(),
            self.name(),
            self.host(),
            self.ralePort(),
            self.dstorePort(),
            known.id()));
  }

  /** The disk that shall go: nobody may be there who uses it. */
  private long absent(NodeInfo known) throws NotNowException {
    if (known.online()) {
      throw new NotNowException(
          "node "
              + known.id()
              + " is online there: another process runs under this id, or the end of this one was"
              + " not noticed yet");
    }
    if (known.incarnation() == 0) {
      throw new NotNowException("it does not tell members' incarnations: its release is older");
    }
    return known.incarnation();
  }

  /**
   * Where no disk of this node is a member, the REMOVE of any is answered when that is committed.
   */
  private long any() {
    return own.incarnation().orElseGet(() -> new SplittableRandom().nextLong() | 1);
  }
}
