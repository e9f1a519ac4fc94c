package org.rale.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/**
 * The cluster behind a {@link ScriptTest}. Disks finish at once; the network holds every message
 * until {@code deliver}.
 */
final class ScriptCluster {
  private record Packet(int from, int to, Message message) {}

  private final Map<Integer, Raft> nodes = new TreeMap<>();
  private final Deque<Packet> network = new ArrayDeque<>();
  private final Set<List<Integer>> cut = new HashSet<>();
  private final List<String> log = new ArrayList<>();
  private Membership founders = Membership.NONE;
  private long trailingBytes = Long.MAX_VALUE / 8;
  private long token;

  /** What the command printed. */
  List<String> run(String line) {
    log.clear();
    String[] words = line.trim().split("\\s+");
    List<Integer> ids =
        Arrays.stream(words)
            .skip(1)
            .filter(word -> word.matches("\\d+"))
            .map(Integer::valueOf)
            .toList();
    switch (words[0]) {
      case "cluster" -> founders = voters(ids);
      case "node" -> node(ids.get(0), words);
      case "tick" -> {
        for (int i = 0; i < ids.get(1); i++) {
          step(ids.get(0), new Input.Tick());
        }
      }
      case "deliver" -> deliver(ids);
      case "settle" -> settle();
      case "cut" -> cutOff(ids);
      case "join" -> cut.clear();
      case "propose" -> step(ids.get(0), new Input.Propose(++token, Bytes.utf8(words[2])));
      case "read" -> step(ids.get(0), new Input.Read(++token));
      case "members" -> step(ids.get(0), new Input.ChangeMembership(++token, membership(words)));
      case "transfer" -> step(ids.get(0), new Input.Transfer(++token, ids.get(1)));
      case "memory" -> trailingBytes = ids.get(0);
      case "status" -> nodes.keySet().forEach(this::status);
      default -> throw new IllegalArgumentException("no such command: " + line);
    }
    return List.copyOf(log);
  }

  private static Membership voters(List<Integer> ids) {
    return new Membership(ids.stream().map(id -> Node.member(id, true)).toList());
  }

  /** {@code 3} is a voter, {@code 4l} a learner. */
  private static Membership membership(String[] words) {
    return new Membership(
        Arrays.stream(words)
            .skip(2)
            .map(word -> Node.member(Integer.parseInt(word.replace("l", "")), !word.endsWith("l")))
            .toList());
  }

  /** {@code node 1 log 1 1 4 term 6}: starts a node with these terms in its log. */
  private void node(int id, String[] words) {
    Node.Disk disk = Node.node(id).membership(founders);
    List<Long> terms = new ArrayList<>();
    for (int i = 2; i < words.length; i++) {
      if (words[i].equals("term")) {
        disk = disk.term(Long.parseLong(words[++i]));
      } else if (words[i].equals("empty")) {
        disk = disk.membership(Membership.NONE);
      } else if (!words[i].equals("log")) {
        terms.add(Long.valueOf(words[i]));
      }
    }
    Restored restored = disk.log(terms.stream().mapToLong(Long::longValue).toArray()).restored();
    RaftSettings settings =
        disk.settings().withMemory(disk.settings().maxUncommittedBytes(), trailingBytes);
    nodes.put(id, new Raft(settings, restored, () -> 0L));
  }

  private void deliver(List<Integer> only) {
    int count = network.size();
    for (int i = 0; i < count; i++) {
      Packet packet = network.remove();
      boolean wanted =
          only.isEmpty() || (only.contains(packet.from()) && only.contains(packet.to()));
      if (wanted) {
        deliver(packet);
      } else {
        network.add(packet);
      }
    }
  }

  private void deliver(Packet packet) {
    if (!cut.contains(List.of(packet.from(), packet.to())) && nodes.containsKey(packet.to())) {
      step(packet.to(), new Input.Received(packet.from(), packet.message()));
    }
  }

  /** Delivers until nothing is on its way any more. */
  private void settle() {
    for (int i = 0; i < 10_000 && !network.isEmpty(); i++) {
      deliver(network.remove());
    }
    if (!network.isEmpty()) {
      throw new IllegalStateException("messages without end: " + network.peek());
    }
  }

  private void cutOff(List<Integer> ids) {
    for (int id : ids) {
      for (int other : nodes.keySet()) {
        if (!ids.contains(other)) {
          cut.add(List.of(id, other));
          cut.add(List.of(other, id));
        }
      }
    }
  }

  private Raft raft(int id) {
    Raft raft = nodes.get(id);
    if (raft == null) {
      throw new IllegalArgumentException("no node " + id);
    }
    return raft;
  }

  /** The input, and then what the disk says to its effects: they all happen before it does. */
  private void step(int id, Input input) {
    Deque<Input> inputs = new ArrayDeque<>(List.of(input));
    while (!inputs.isEmpty()) {
      Raft raft = raft(id);
      raft.step(inputs.remove());
      for (Effect effect : raft.drain()) {
        take(id, effect);
        disk(effect).ifPresent(inputs::add);
      }
    }
  }

  private static Optional<Input> disk(Effect effect) {
    if (effect instanceof Effect.Persist persist) {
      return Optional.of(new Input.Persisted(persist.batch()));
    }
    if (effect instanceof Effect.Piece piece) {
      return Optional.of(new Input.SnapshotArrived(piece.from(), piece.piece().meta()));
    }
    return effect instanceof Effect.Install install
        ? Optional.of(new Input.Installed(install.meta()))
        : Optional.empty();
  }

  private void take(int id, Effect effect) {
    if (effect instanceof Effect.Persist persist) {
      persist.then().forEach(send -> take(id, send));
    } else if (effect instanceof Effect.Send send) {
      network.add(new Packet(id, send.to(), send.message()));
    } else if (effect instanceof Effect.Note note) {
      if (note.event().level() != Event.Level.DEBUG) {
        log.add(id + ": " + note.event().text());
      }
    } else if (effect instanceof Effect.Apply apply) {
      log.add(
          id
              + ": apply "
              + apply.entries().stream().map(ScriptCluster::text).collect(Collectors.joining(" ")));
    } else if (effect instanceof Effect.SendSnapshot snapshot) {
      SnapshotMeta meta = metaNow(raft(id));
      log.add(id + ": snapshot at " + meta.index() + " to " + snapshot.to());
      Message piece = new Message.SnapshotPiece(raft(id).term(), meta, 0, true, 0, Bytes.EMPTY);
      network.add(new Packet(id, snapshot.to(), piece));
    } else if (effect instanceof Effect.Refused no) {
      log.add(id + ": refused " + no.refusal());
    } else if (effect instanceof Effect.ReadReady ready) {
      log.add(id + ": read at " + ready.index());
    } else if (effect instanceof Effect.MembershipChanged changed) {
      log.add(id + ": members " + text(changed.membership()));
    }
  }

  private static SnapshotMeta metaNow(Raft raft) {
    long index = raft.appliedIndex();
    return new SnapshotMeta(index, raft.termAt(index), raft.membershipAt(index));
  }

  private void status(int id) {
    RaftStatus now = raft(id).status();
    StringBuilder terms = new StringBuilder();
    for (long index = 1; index <= now.lastIndex(); index++) {
      long term = raft(id).termAt(index);
      terms.append(' ').append(term < 0 ? "." : Long.toString(term));
    }
    log.add(
        String.format(
            Locale.ROOT,
            "%d: %s term %d leader %d commit %d members %s log%s",
            id,
            now.role().name().toLowerCase(Locale.ROOT),
            now.term(),
            now.leaderId(),
            now.commitIndex(),
            text(now.membership()),
            terms));
  }

  private static String text(Membership membership) {
    Set<String> ids = new TreeSet<>();
    membership.members().forEach(member -> ids.add(member.id() + (member.voter() ? "" : "l")));
    return String.join(",", ids);
  }

  private static String text(Entry entry) {
    return entry.index() + "/" + entry.term() + text(entry.payload());
  }

  private static @Nullable String text(Payload payload) {
    if (payload instanceof Payload.Command command) {
      return "=" + command.bytes().toText();
    }
    return payload instanceof Payload.Members ? "=members" : "";
  }
}
