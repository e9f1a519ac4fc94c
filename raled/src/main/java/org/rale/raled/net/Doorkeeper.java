package org.rale.raled.net;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rale.replica.Admission;
import org.rale.replica.ClusterView;
import org.rale.wire.Handshake;
import org.rale.wire.Handshake.Refusal;
import org.rale.wire.Handshake.Refused;
import org.rale.wire.Identity;

/** Who gets a link: {@link Admission}, and what the links that stand say of it. Belongs to home. */
final class Doorkeeper {
  private static final long PATIENCE_NANOS =
      TimeUnit.MILLISECONDS.toNanos(LinkTiming.PROBE_TIMEOUT_MS);

  private final Map<Integer, Peer> peers;
  private final LinkTiming timing;

  /**
   * @param peers by node id; the owner changes it
   */
  Doorkeeper(Map<Integer, Peer> peers, LinkTiming timing) {
    this.peers = peers;
    this.timing = timing;
  }

  /** Judges a node that dialled. */
  Optional<Refused> judge(ClusterView view, Handshake.Hello hello) {
    return Admission.judge(view, hello)
        .or(() -> twinOf(view, hello.sender(), hello.process()))
        .or(() -> overloaded(view, hello));
  }

  /** Judges who answered where this node expected to find {@code expected}. */
  Optional<Refused> judge(ClusterView view, Handshake.Welcome welcome, int expected) {
    Identity sender = welcome.sender();
    if (sender.nodeId() != expected && sender.nodeId() != view.self().nodeId()) {
      String reason =
          "node %d answers at the address given for node %d: correct it"
              .formatted(sender.nodeId(), expected);
      return Optional.of(new Refused(view.self(), Refusal.WRONG_NODE, reason));
    }
    return Admission.judge(view, sender).or(() -> twinOf(view, sender, welcome.process()));
  }

  /**
   * Whether another process of the node is linked, of which it is not known yet whether it lives.
   * Most likely it has ended, and the news is on its way; whoever is silent is gone, and who lives
   * makes the newcomer a twin (S-06).
   */
  boolean waitsForTwin(Identity sender, long process) {
    return linked(sender, process) != null;
  }

  private Optional<Refused> twinOf(ClusterView view, Identity sender, long process) {
    Link linked = linked(sender, process);
    return linked != null && linked.answers(timing.nanoClock().getAsLong(), PATIENCE_NANOS)
        ? Optional.of(Admission.twin(view, sender))
        : Optional.empty();
  }

  private @Nullable Link linked(Identity sender, long process) {
    Peer peer = peers.get(sender.nodeId());
    return peer == null ? null : peer.twinOf(sender, process);
  }

  private Optional<Refused> overloaded(ClusterView view, Handshake.Hello hello) {
    int id = hello.sender().nodeId();
    long accepted = peers.values().stream().filter(peer -> peer.accepted() != null).count();
    if (accepted < PeerLinks.MAX_ACCEPTED || view.peer(id).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new Refused(
            view.self(),
            Refusal.OVERLOADED,
            "node "
                + view.self().nodeId()
                + " has links to "
                + accepted
                + " nodes already: try again when some of them are gone"));
  }
}
