package org.rale.process;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Faults of which it is known what must come of them, each by a name. */
final class Scenarios {
  /** A scenario: what it does, and whether it cuts links. */
  record Scenario(boolean needsNet, Step step) {}

  /** What is done, and demanded. */
  interface Step {
    void run() throws Exception;
  }

  /** What the nodes' configuration says of election_timeout_max (Daemon). */
  private static final long ELECTION_TIMEOUT_MAX_MS = 600;

  /** And of election_timeout_min. */
  private static final long ELECTION_TIMEOUT_MIN_MS = 300;

  /**
   * A leader steps down within two of the longest election timeouts. To that come a beat of its
   * clock and the asking, and the time for which the machine let nobody run.
   */
  private static final long STEPS_DOWN_MS = 2 * ELECTION_TIMEOUT_MAX_MS + 200;

  private static final long HOLD_MS = 4000;
  private static final long STOPPED_MS = 10_000;

  private final Stage stage;
  private final Hiccups hiccups = new Hiccups();
  private final Map<String, Scenario> byName = new LinkedHashMap<>();

  Scenarios(Stage stage) {
    this.stage = stage;
    byName.put("udp-only-cut", new Scenario(true, this::udpOnlyCut));
    byName.put("tcp-only-cut", new Scenario(true, this::tcpOnlyCut));
    byName.put("one-way", new Scenario(true, this::oneWay));
    byName.put("remove-in-failover", new Scenario(true, this::removeInFailover));
    byName.put("stopped-leader", new Scenario(false, this::stoppedLeader));
    byName.put(
        "rolling-restart", new Scenario(false, () -> rollingRestart("scenario rolling-restart: ")));
  }

  Map<String, Scenario> byName() {
    return byName;
  }

  /** All heartbeats take the TCP links, and go back: nobody loses leadership by that. */
  private void udpOnlyCut() throws Exception {
    Daemon leader = stage.cluster.leader();
    String term = leader.status().get("term");
    List<Daemon> all = stage.cluster.nodes;
    stage.fault("udp-only-cut", "scenario udp-only-cut: UDP between all nodes is cut");
    hiccups.forget();
    stage.net.cut(Net.oneWay(all, all, Net.What.UDP));
    TimeUnit.MILLISECONDS.sleep(HOLD_MS);
    requireLeads(leader, term, "while UDP was cut");
    stage.requireWrites(stage.recorder.now());
    stage.healAndGoOn();
    TimeUnit.MILLISECONDS.sleep(HOLD_MS / 2);
    requireLeads(leader, term, "when UDP came back");
  }

  private void requireLeads(Daemon leader, String term, String when) throws IOException {
    Map<String, String> status = leader.status();
    boolean leads = status.get("role").equals("leader") && status.get("term").equals(term);
    if (!leads && hiccups.worstMs() > ELECTION_TIMEOUT_MIN_MS / 2) {
      stage.say(
          "not judged: the machine stood still for "
              + hiccups.worstMs()
              + " ms, and node "
              + leader.id
              + " leads term "
              + term
              + " no more");
    } else if (!leads) {
      throw new AssertionError(
          "node %d led term %s and lost it %s: it is %s of term %s"
              .formatted(leader.id, term, when, status.get("role"), status.get("term")));
    }
  }

  /** S-11: heartbeats still pass, but no entries do, so the leader loses its power. */
  private void tcpOnlyCut() throws Exception {
    Daemon leader = stage.cluster.leader();
    stage.fault(
        "tcp-only-cut", "scenario tcp-only-cut: TCP of leader " + leader.id + " to all is cut");
    stage.net.cut(Net.between(List.of(leader), stage.others(leader), Net.What.TCP));
    requireStepDown(leader);
    goOnWithout(leader);
    stage.healAndGoOn();
  }

  /** A leader that nobody hears, then one that hears nobody. */
  private void oneWay() throws Exception {
    Daemon unheard = stage.cluster.leader();
    stage.fault("one-way", "scenario one-way: leader " + unheard.id + " is heard by nobody");
    stage.net.cut(Net.oneWay(List.of(unheard), stage.others(unheard), Net.What.ALL));
    requireStepDown(unheard);
    goOnWithout(unheard);
    stage.healAndGoOn();

    Daemon deaf = stage.cluster.leader();
    stage.fault("one-way", "scenario one-way: leader " + deaf.id + " hears nobody");
    stage.net.cut(Net.oneWay(stage.others(deaf), List.of(deaf), Net.What.ALL));
    requireStepDown(deaf);
    goOnWithout(deaf);
    stage.healAndGoOn();
  }

  /**
   * A member that lives is to be removed while the leader is cut off: with it the majority would
   * go, and a leader that has just been elected must not believe that all others are there.
   */
  private void removeInFailover() throws Exception {
    Daemon old = stage.cluster.leader();
    Daemon member = stage.others(old).get(0);
    stage.fault(
        "remove-in-failover",
        "scenario remove-in-failover: leader %d is cut off, and REMOVE %d asked at node %d"
            .formatted(old.id, member.id, member.id));
    stage.net.cut(Net.between(List.of(old), stage.others(old), Net.What.ALL));
    Operator operator = new Operator(stage);
    stage.say("the answer: " + operator.remove(member, member));
    goOnWithout(old);
    stage.heal();
    operator.addAll();
    stage.goOn();
  }

  private void requireStepDown(Daemon leader) throws IOException {
    hiccups.forget();
    long began = System.nanoTime();
    String term = leader.status().get("term");
    Map<String, String> status;
    do {
      status = leader.status();
    } while (status.get("role").equals("leader")
        && status.get("term").equals(term)
        && millisSince(began) < Until.PATIENCE.toMillis());
    long tookMs = millisSince(began);
    stage.say("node " + leader.id + " leads term " + term + " no more, after " + tookMs + " ms");
    long mostMs = STEPS_DOWN_MS + hiccups.worstMs();
    if (tookMs > mostMs) {
      throw new AssertionError(
          "node %d stepped down after %d ms, more than %d ms".formatted(leader.id, tookMs, mostMs));
    }
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  /** The others have a leader of their own, and writes are acknowledged. */
  private void goOnWithout(Daemon old) throws InterruptedException {
    long began = stage.recorder.now();
    Until.holds("a leader of the others", () -> stage.leader(stage.others(old)).isPresent());
    stage.requireWrites(stage.recorder.now());
    stage.say(
        String.format(
            Locale.ROOT,
            "the others write without node %d after %.3f s",
            old.id,
            (stage.recorder.now() - began) / 1e6));
    TimeUnit.MILLISECONDS.sleep(HOLD_MS / 4);
  }

  /** The leader stands still for ten seconds under load, and goes on. */
  private void stoppedLeader() throws Exception {
    Daemon old = stage.cluster.leader();
    long began = System.nanoTime();
    stage.fault("stopped-leader", "scenario stopped-leader: leader " + old.id + " stands still");
    stage.stop(old);
    goOnWithout(old);
    TimeUnit.MILLISECONDS.sleep(STOPPED_MS - millisSince(began));
    stage.healAndGoOn();
    Until.holds("node " + old.id + " knows a leader", () -> !old.says("leader_id", "-1"));
  }

  /** Each node ends as asked and comes back, the leader last, as docs/OPERATIONS.md tells it. */
  void rollingRestart(String name) throws Exception {
    Daemon leader = stage.cluster.leader();
    stage.fault("rolling-restart", name + "all restart, the leader " + leader.id + " last");
    for (Daemon node : stage.others(leader)) {
      restart(node);
    }
    restart(leader);
    stage.healAndGoOn();
  }

  private void restart(Daemon node) throws Exception {
    stage.restart(node);
    long committed = Long.parseLong(stage.cluster.leader().status().get("commit_index"));
    stage.requireCaughtUp(node, committed);
  }
}
