package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rale.raft.Event;
import org.rale.wire.Handshake;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.Identity;

/** What node 1 says of links that are refused. */
final class RefusedLinksTest {
  private static final int MINUTE = 6_000;

  private final HandDriven node = HandDriven.inNoCluster();

  /** Node 2 dials, is welcomed, and says why it will not have this node. */
  private void parts(String reason) {
    Identity two = new Identity(HandDriven.CLUSTER, 2, 102);
    node.turn(new ReplicaInput.LinkUp(two, 1, HandshakeCodec.VERSION));
    node.turn(
        new ReplicaInput.LinkRefused(
            2, new Handshake.Refused(two, Handshake.Refusal.OTHER_INCARNATION, reason)));
    node.turn(new ReplicaInput.LinkDown(2));
  }

  private List<String> warnings() {
    return node.notes.stream()
        .filter(each -> each.level() == Event.Level.WARNING)
        .map(Event::text)
        .toList();
  }

  @Test
  void theSameSentenceIsSaidOnceAMinute() {
    for (int second = 0; second < 60; second++) {
      parts("another disk");
      node.ticks(MINUTE / 60);
    }
    assertThat(warnings()).containsExactly("no link to node 2: another disk");
    parts("another disk");
    assertThat(warnings()).hasSize(2);
  }

  @Test
  void anotherSentenceIsSaidAtOnce() {
    parts("another disk");
    parts("another cluster");
    assertThat(warnings())
        .containsExactly("no link to node 2: another disk", "no link to node 2: another cluster");
  }
}
