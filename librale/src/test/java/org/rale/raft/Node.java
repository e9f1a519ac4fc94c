package org.rale.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.rale.bytes.Bytes;

/**
 * One node for tests of the rules: brings it into a state in few words, and hands out the exact
 * effects of each input. Its disk does nothing until {@link #sync} is called.
 *
 * <p>The random wait is always the shortest, so that a node asks for power after exactly {@link
 * #TIMEOUT} silent ticks.
 */
final class Node {
  static final int TIMEOUT = 10;
  static final int TIMEOUT_MAX = 20;
  static final int HEARTBEAT = 3;
  static final int LEASE = 2 * TIMEOUT_MAX;
  static final int STEADY = 100;

  private final Raft raft;
  private final Deque<Effect.Persist> disk = new ArrayDeque<>();
  private final List<Event> notes = new ArrayList<>();

  private Node(Raft raft) {
    this.raft = raft;
  }

  /** What a node finds on its disk. */
  record Disk(
      int id, RaftSettings settings, HardState hardState, SnapshotMeta base, List<Long> terms) {
    Disk term(long term) {
      return new Disk(id, settings, new HardState(term, hardState.votedFor()), base, terms);
    }

    Disk votedFor(int candidate) {
      return new Disk(id, settings, new HardState(hardState.term(), candidate), base, terms);
    }

    /** The terms of the entries, from the one behind the snapshot on; the last is the node's. */
    Disk log(long... entryTerms) {
      long last = entryTerms.length == 0 ? 0 : entryTerms[entryTerms.length - 1];
      HardState state = new HardState(Math.max(hardState.term(), last), hardState.votedFor());
      return new Disk(id, settings, state, base, Arrays.stream(entryTerms).boxed().toList());
    }

    Disk snapshot(long index, long term) {
      HardState state = new HardState(Math.max(hardState.term(), term), hardState.votedFor());
      return new Disk(id, settings, state, new SnapshotMeta(index, term, base.membership()), terms);
    }

    Disk membership(Membership membership) {
      return new Disk(
          id, settings, hardState, new SnapshotMeta(base.index(), base.term(), membership), terms);
    }

    Disk settings(RaftSettings other) {
      return new Disk(id, other, hardState, base, terms);
    }

    Restored restored() {
      List<Entry> entries = new ArrayList<>();
      for (long term : terms) {
        entries.add(entry(base.index() + entries.size() + 1, term));
      }
      return new Restored(hardState, base, entries, base.index());
    }

    Node start() {
      return new Node(new Raft(settings, restored(), () -> 0L));
    }

    /** Started, and following the leader of its term. */
    Node following(int leader) {
      Node node = start();
      node.receive(leader, new Message.Heartbeat(node.raft.term(), 0, 0, 1));
      node.sync();
      return node;
    }

    /** Started, elected in the next term, and its opening entry durable here. */
    Node leading() {
      Node node = candidate();
      for (int voter : base.membership().voters()) {
        if (voter != id && node.raft.role() != Role.LEADER) {
          node.receive(voter, new Message.VoteResponse(node.raft.term(), Denial.NONE, 0));
        }
      }
      node.sync();
      return node;
    }

    /** Started, and asking for votes in the next term; its own vote is durable. */
    Node candidate() {
      Node node = start();
      node.ticks(TIMEOUT);
      long term = node.raft.term();
      for (int voter : base.membership().voters()) {
        if (voter != id && node.raft.role() == Role.PRE_CANDIDATE) {
          node.receive(voter, new Message.PreVoteResponse(term, term + 1, Denial.NONE));
        }
      }
      node.sync();
      return node;
    }
  }

  static Disk node(int id, int... voters) {
    return new Disk(
        id, settings(id), HardState.INITIAL, new SnapshotMeta(0, 0, voters(voters)), List.of());
  }

  static RaftSettings settings(int id) {
    return new RaftSettings(
        10, id, 10, TIMEOUT, TIMEOUT_MAX, HEARTBEAT, 1 << 10, 4, 1 << 12, 0, STEADY, true);
  }

  static Membership voters(int... ids) {
    return new Membership(Arrays.stream(ids).mapToObj(id -> member(id, true)).toList());
  }

  static Member member(int id, boolean voter) {
    return new Member(id, "node" + id, "10.0.0." + id, 7400, 7401, 100 + id, voter);
  }

  static Entry entry(long index, long term) {
    return new Entry(index, term, new Payload.Command(Bytes.utf8(index + "@" + term)));
  }

  static Entry empty(long index, long term) {
    return new Entry(index, term, new Payload.Empty());
  }

  static Entry members(long index, long term, Membership membership) {
    return new Entry(index, term, new Payload.Members(membership));
  }

  static Message.AppendRequest append(
      long term, long sequence, long prevIndex, long prevTerm, long commit, Entry... entries) {
    return new Message.AppendRequest(term, sequence, prevIndex, prevTerm, commit, List.of(entries));
  }

  static Message.AppendResponse accepted(long term, long sequence, long index, long lastIndex) {
    return new Message.AppendResponse(term, sequence, true, index, 0, 0, lastIndex);
  }

  static Message.AppendResponse refused(
      long term, long sequence, long prevIndex, long hintIndex, long hintTerm, long lastIndex) {
    return new Message.AppendResponse(
        term, sequence, false, prevIndex, hintIndex, hintTerm, lastIndex);
  }

  static Effect.Send send(int to, Message message) {
    return new Effect.Send(to, message);
  }

  Raft raft() {
    return raft;
  }

  RaftStatus status() {
    return raft.status();
  }

  /** The effects of the input, without what is only for people to read. */
  List<Effect> step(Input... inputs) {
    for (Input input : inputs) {
      raft.step(input);
    }
    List<Effect> effects = new ArrayList<>();
    for (Effect effect : raft.drain()) {
      if (effect instanceof Effect.Note note) {
        notes.add(note.event());
      } else {
        effects.add(effect);
      }
      if (effect instanceof Effect.Persist persist) {
        disk.add(persist);
      }
    }
    return effects;
  }

  List<Effect> receive(int from, Message message) {
    return step(new Input.Received(from, message));
  }

  List<Effect> ticks(int count) {
    List<Effect> effects = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      effects.addAll(step(new Input.Tick()));
    }
    return effects;
  }

  List<Effect> propose(String text) {
    return step(new Input.Propose(1, Bytes.utf8(text)));
  }

  /** The disk finishes everything it was given; messages that waited for it come first. */
  List<Effect> sync() {
    List<Effect> effects = new ArrayList<>();
    while (!disk.isEmpty()) {
      Effect.Persist done = disk.remove();
      effects.addAll(done.then());
      effects.addAll(step(new Input.Persisted(done.batch())));
    }
    return effects;
  }

  List<Event> notes() {
    return notes;
  }

  /** The messages of a kind among the effects, those that wait for the disk included. */
  static <M extends Message> List<M> messages(List<Effect> effects, Class<M> kind) {
    return sends(effects)
        .map(Effect.Send::message)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  static Stream<Effect.Send> sends(List<Effect> effects) {
    return effects.stream()
        .flatMap(
            effect ->
                effect instanceof Effect.Persist persist
                    ? persist.then().stream()
                    : Stream.of(effect)
                        .filter(Effect.Send.class::isInstance)
                        .map(Effect.Send.class::cast));
  }

  static <E extends Effect> List<E> only(List<Effect> effects, Class<E> kind) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
