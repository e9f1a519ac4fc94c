package org.rale.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.rale.bytes.Bytes;

/**
 * Three nodes in memory that elect each other, hand over, and write. Nothing comes of it but that
 * this process has been through an election once: what a virtual machine does when code is reached
 * first takes milliseconds, and a real election is reached when clients wait for its end.
 *
 * <p>It shares nothing with the node that runs beside it, and has no chance in it: what the tests
 * have seen is what happens.
 */
public final class Rehearsal {
  /** After these a further one takes a fraction of what the first one took. */
  public static final int ROUNDS = 30;

  private static final int NODES = 3;
  private static final int TICK_MS = 10;
  private static final int ELECTION_TICKS = 10;
  private static final int PROPOSALS = 8;

  /** Far more than a round has ever taken; a rehearsal must not go on for ever. */
  private static final int MOST_TICKS = 100 * ELECTION_TICKS;

  private record Letter(int from, int to, Message message) {}

  private final List<Raft> nodes = new ArrayList<>();
  private final Deque<Letter> mail = new ArrayDeque<>();

  /** The node that is dead, 0: none. */
  private int dead;

  private int ticks;

  private Rehearsal() {
    List<Member> members = new ArrayList<>();
    for (int id = 1; id <= NODES; id++) {
      members.add(new Member(id, "n" + id, "n" + id, id, id, 0, true));
    }
    SnapshotMeta base = new SnapshotMeta(1, 1, new Membership(members));
    Restored restored = new Restored(new HardState(1, 0), base, List.of(), 1);
    for (int id = 1; id <= NODES; id++) {
      RaftSettings settings =
          RaftSettings.of(TICK_MS, id, 1, ELECTION_TICKS, 2 * ELECTION_TICKS, ELECTION_TICKS / 4);
      nodes.add(new Raft(settings, restored, new SplittableRandom(id)));
    }
  }

  /**
   * In each round a leader is elected, writes, reads, hands over, and its successor dies.
   *
   * @return the term in the end, for whoever wants to see that something happened
   * @throws IllegalStateException when it leads to nothing: the rules are broken
   */
  public static long run(int rounds) {
    Rehearsal rehearsal = new Rehearsal();
    for (int round = 0; round < rounds; round++) {
      rehearsal.round();
    }
    return rehearsal.node(rehearsal.awaitLeader(0)).term();
  }

  private void round() {
    int leader = awaitLeader(0);
    for (int i = 0; i < PROPOSALS; i++) {
      step(leader, new Input.Propose(i, Bytes.wrap(new byte[] {(byte) i})));
    }
    step(leader % NODES + 1, new Input.Read(0));
    deliver();
    step(leader, new Input.Transfer(0, 0));
    int successor = awaitLeader(leader);
    dead = successor;
    for (Raft node : nodes) {
      if (node != node(successor)) {
        node.step(new Input.Unlinked(successor));
      }
    }
    awaitLeader(successor);
    dead = 0;
  }

  /** Lets time go by until somebody else than {@code notThis} can serve, and says who. */
  private int awaitLeader(int notThis) {
    for (int until = ticks + MOST_TICKS; ticks < until; ticks++) {
      deliver();
      int leader = leader();
      if (leader != 0 && leader != notThis) {
        return leader;
      }
      for (int id = 1; id <= NODES; id++) {
        if (id != dead) {
          step(id, new Input.Tick());
        }
      }
    }
    throw new IllegalStateException("a rehearsal in which nobody is elected");
  }

  /** Of the latest term: who was dead may not have heard of it. 0 where none can serve. */
  private int leader() {
    int leader = 0;
    for (int id = 1; id <= NODES; id++) {
      RaftStatus status = node(id).status();
      boolean serves = id != dead && status.role() == Role.LEADER && status.ready();
      if (serves && (leader == 0 || status.term() > node(leader).term())) {
        leader = id;
      }
    }
    return leader;
  }

  private void deliver() {
    while (!mail.isEmpty()) {
      Letter letter = mail.remove();
      if (letter.from() != dead && letter.to() != dead) {
        step(letter.to(), new Input.Received(letter.from(), letter.message()));
      }
    }
  }

  /** One input, and what comes of it: a disk is at once. */
  private void step(int id, Input input) {
    Raft node = node(id);
    node.step(input);
    for (List<Effect> effects = node.drain(); !effects.isEmpty(); effects = node.drain()) {
      for (Effect effect : effects) {
        if (effect instanceof Effect.Send send) {
          post(id, send);
        } else if (effect instanceof Effect.Persist persist) {
          persist.then().forEach(send -> post(id, send));
          node.step(new Input.Persisted(persist.batch()));
        }
      }
    }
  }

  private void post(int from, Effect.Send send) {
    mail.add(new Letter(from, send.to(), send.message()));
  }

  private Raft node(int id) {
    return nodes.get(id - 1);
  }
}
