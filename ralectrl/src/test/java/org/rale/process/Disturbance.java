package org.rale.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What strikes a running cluster until it is healed: processes killed and stopped, links cut. All
 * that is random is drawn before it strikes, so that a seed means the same whatever the cluster
 * does; only who leads is found out then.
 */
final class Disturbance {
  enum Kind {
    KILL(false),
    KILL_MAJORITY(false),
    KILL_ALL(false),
    STOP(false),
    STOP_MAJORITY(false),
    CUT(true),
    CUT_UDP(true),
    CUT_TCP(true),
    CUT_ONE_WAY(true),
    CUT_PAIR(true),
    SPLIT(true),
    NO_UDP(true),
    FLAP(true);

    final boolean needsNet;

    Kind(boolean needsNet) {
      this.needsNet = needsNet;
    }

    /** As people write it. */
    String word() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  private static final int FLAPS = 4;
  private static final List<Net.What> WHATS = List.of(Net.What.values());

  private final Kind kind;

  /** Whether the leader is the first one that is meant. */
  private final boolean atLeader;

  /** All nodes, in the order in which they are meant. */
  private final List<Daemon> order;

  private final boolean inward;
  private final Net.What what;
  private final int flapMs;

  private Disturbance(Kind kind, List<Daemon> nodes, Random random) {
    this.kind = kind;
    this.atLeader = random.nextInt(10) < 6;
    this.order = new ArrayList<>(nodes);
    Collections.shuffle(order, random);
    this.inward = random.nextBoolean();
    this.what = WHATS.get(random.nextInt(WHATS.size()));
    this.flapMs = 50 + random.nextInt(600);
  }

  static Disturbance draw(List<Daemon> nodes, boolean withNet, Random random) {
    List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
    kinds.removeIf(kind -> kind.needsNet && !withNet);
    return new Disturbance(kinds.get(random.nextInt(kinds.size())), nodes, random);
  }

  void strike(Stage stage, String round) throws IOException, InterruptedException {
    List<Daemon> meant = new ArrayList<>(order);
    Daemon leader = stage.leader().orElse(null);
    if (atLeader && leader != null) {
      meant.remove(leader);
      meant.add(0, leader);
    }
    Daemon first = meant.get(0);
    List<Daemon> majority = meant.subList(0, meant.size() / 2 + 1);
    stage.fault(kind.word(), round + kind.word() + " " + words(meant, leader));
    switch (kind) {
      case KILL -> stage.kill(List.of(first));
      case KILL_MAJORITY -> stage.kill(majority);
      case KILL_ALL -> stage.kill(meant);
      case STOP -> stage.stop(first);
      case STOP_MAJORITY -> {
        for (Daemon node : majority) {
          stage.stop(node);
        }
      }
      case CUT -> stage.net.cut(Net.between(List.of(first), meant, Net.What.ALL));
      case CUT_UDP -> stage.net.cut(Net.between(List.of(first), meant, Net.What.UDP));
      case CUT_TCP -> stage.net.cut(Net.between(List.of(first), meant, Net.What.TCP));
      case CUT_ONE_WAY -> stage.net.cut(oneWay(first, meant));
      case CUT_PAIR -> stage.net.cut(Net.between(List.of(first), List.of(meant.get(1)), what));
      case SPLIT -> {
        List<Daemon> rest = meant.subList(meant.size() / 2 + 1, meant.size());
        stage.net.cut(Net.between(majority, rest, what));
      }
      case NO_UDP -> stage.net.cut(Net.oneWay(meant, meant, Net.What.UDP));
      case FLAP -> flap(stage, first, meant);
    }
  }

  private Collection<Net.Cut> oneWay(Daemon first, List<Daemon> all) {
    List<Daemon> alone = List.of(first);
    return inward ? Net.oneWay(all, alone, what) : Net.oneWay(alone, all, what);
  }

  private void flap(Stage stage, Daemon first, List<Daemon> all)
      throws IOException, InterruptedException {
    for (int i = 0; i < FLAPS; i++) {
      stage.net.cut(Net.between(List.of(first), all, what));
      Thread.sleep(flapMs);
      if (i < FLAPS - 1) {
        stage.net.heal();
        Thread.sleep(flapMs);
      }
    }
  }

  private String words(List<Daemon> meant, Daemon leader) {
    String first = "node " + meant.get(0).id;
    String who = meant.get(0) == leader ? first + ", the leader" : first;
    int most = meant.size() / 2 + 1;
    return switch (kind) {
      case KILL, STOP, CUT, CUT_UDP, CUT_TCP -> who;
      case KILL_MAJORITY, STOP_MAJORITY -> "nodes " + ids(meant.subList(0, most));
      case KILL_ALL, NO_UDP -> "(all nodes)";
      case CUT_ONE_WAY -> who + (inward ? ", hears nobody" : ", is heard by nobody") + over();
      case CUT_PAIR -> who + " and node " + meant.get(1).id + over();
      case SPLIT ->
          "nodes "
              + ids(meant.subList(0, most))
              + " from "
              + ids(meant.subList(most, meant.size()))
              + over();
      case FLAP -> who + ", " + FLAPS + " times, every " + 2 * flapMs + " ms" + over();
    };
  }

  private String over() {
    return " (" + what.word + ")";
  }

  private static String ids(List<Daemon> nodes) {
    return String.join(" ", nodes.stream().map(node -> "" + node.id).toList());
  }
}
