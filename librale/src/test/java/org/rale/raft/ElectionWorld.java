package org.rale.raft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Three nodes and the ways between them in virtual time, with nothing to do but to keep a leader:
 * what timeouts do to a network can be counted here by the hour in a moment.
 *
 * <p>Datagrams get lost and overtake each other. What goes over links arrives in order; what is
 * lost there is sent again after a while, and holds up what follows, as TCP does.
 */
final class ElectionWorld {
  static final int TICK_MICROS = 10_000;

  /** The least time after which TCP sends again what was not acknowledged (RFC 6298, Linux). */
  private static final long RETRANSMISSION_MICROS = 200_000;

  /**
   * What a network is like, and what happens to processes.
   *
   * @param delayMs of each message, one way
   * @param jitterMs how much longer a message may take, at the most
   * @param loss of each datagram
   * @param linkLoss of each packet of a link
   * @param pauseMs how long a process stands still, once in a while
   * @param pauseEveryMs how often that happens to each, on average; 0: never
   */
  record Weather(
      double delayMs,
      double jitterMs,
      double loss,
      double linkLoss,
      int pauseMs,
      int pauseEveryMs) {}

  private record Event(long at, long number, Runnable work) {}

  private static final class Machine {
    private Raft raft;
    private boolean dead;

    /** Until when it stands still. */
    private long stoppedUntil;

    private long tickedAt;

    Machine(Raft raft) {
      this.raft = raft;
    }
  }

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.<Event>comparingLong(Event::at).thenComparingLong(Event::number));
  private final Random random;
  private final Weather weather;
  private final List<Machine> machines = new ArrayList<>();
  private final long[][] linkFreeAt = new long[3][3];
  private long now;
  private long numbers;

  ElectionWorld(RaftSettings[] settings, Weather weather, long seed) {
    this.random = new Random(seed);
    this.weather = weather;
    List<Member> members = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      members.add(new Member(id, "n" + id, "10.0.0." + id, 1, 2, Raft.ANY_INCARNATION, true));
    }
    SnapshotMeta meta = new SnapshotMeta(1, 1, new Membership(members));
    for (int id = 1; id <= 3; id++) {
      Restored restored = new Restored(new HardState(1, 0), meta, List.of(), 1);
      machines.add(
          new Machine(new Raft(settings[id - 1], restored, new Random(random.nextLong()))));
      int self = id;
      at(random.nextInt(TICK_MICROS), () -> tick(self));
      if (weather.pauseEveryMs() > 0) {
        at(untilPause(), () -> pause(self));
      }
    }
  }

  long now() {
    return now;
  }

  long highestTerm() {
    return machines.stream()
        .filter(machine -> !machine.dead)
        .mapToLong(machine -> machine.raft.term())
        .max()
        .orElse(0);
  }

  /** The node that leads the highest term and may read; 0: none. */
  int leader() {
    for (int id = 1; id <= 3; id++) {
      Machine machine = machine(id);
      RaftStatus status = machine.raft.status();
      if (!machine.dead
          && status.role() == Role.LEADER
          && status.ready()
          && status.term() == highestTerm()) {
        return id;
      }
    }
    return 0;
  }

  void kill(int id) {
    machine(id).dead = true;
  }

  /** Runs for so long; returns false where an event of the time limit was reached before. */
  void run(long micros) {
    long end = now + micros;
    while (events.peek().at() <= end) {
      step();
    }
    now = end;
  }

  /** The next thing happens. */
  void step() {
    Event event = events.remove();
    now = event.at();
    event.work().run();
  }

  private Machine machine(int id) {
    return machines.get(id - 1);
  }

  private void at(long micros, Runnable work) {
    events.add(new Event(now + micros, numbers++, work));
  }

  private long untilPause() {
    return (long) (-Math.log(1 - random.nextDouble()) * weather.pauseEveryMs() * 1_000);
  }

  private void pause(int id) {
    machine(id).stoppedUntil = now + weather.pauseMs() * 1_000L;
    at(untilPause() + weather.pauseMs() * 1_000L, () -> pause(id));
  }

  /** As the loop of a process: what came is stepped before the clock is read. */
  private void tick(int id) {
    Machine machine = machine(id);
    if (machine.dead) {
      return;
    }
    if (now < machine.stoppedUntil) {
      at(machine.stoppedUntil - now, () -> tick(id));
      return;
    }
    long due = machine.tickedAt == 0 ? 1 : (now - machine.tickedAt) / TICK_MICROS;
    machine.tickedAt = machine.tickedAt == 0 ? now : machine.tickedAt + due * TICK_MICROS;
    if (due >= GAP_TICKS) {
      machine.raft.step(new Input.Woke((int) due - 1));
      due = 1;
    }
    for (long i = 0; i < due; i++) {
      machine.raft.step(new Input.Tick());
    }
    drain(id);
    at(Math.max(1, machine.tickedAt + TICK_MICROS - now), () -> tick(id));
  }

  /** See {@code Settings}: half the shortest timeout of 15 ticks. */
  private static final int GAP_TICKS = 7;

  private void receive(int to, int from, Message message) {
    Machine machine = machine(to);
    if (machine.dead) {
      return;
    }
    if (now < machine.stoppedUntil) {
      at(machine.stoppedUntil - now, () -> receive(to, from, message));
      return;
    }
    machine.raft.step(new Input.Received(from, message));
    drain(to);
  }

  private void drain(int id) {
    Machine machine = machine(id);
    for (Effect effect : machine.raft.drain()) {
      if (effect instanceof Effect.Send send) {
        send(id, send);
      } else if (effect instanceof Effect.Persist persist) {
        at(DISK_MICROS, () -> persisted(id, persist));
      }
    }
  }

  private static final long DISK_MICROS = 500;

  private void persisted(int id, Effect.Persist persist) {
    persist.then().forEach(send -> send(id, send));
    machine(id).raft.step(new Input.Persisted(persist.batch()));
    drain(id);
  }

  private void send(int from, Effect.Send send) {
    int to = send.to();
    Message message = send.message();
    boolean overLink =
        message instanceof Message.AppendRequest || message instanceof Message.AppendResponse;
    long way = (long) (1_000 * (weather.delayMs() + random.nextDouble() * weather.jitterMs())) + 50;
    if (!overLink) {
      if (random.nextDouble() >= weather.loss()) {
        at(way, () -> receive(to, from, message));
      }
      return;
    }
    while (random.nextDouble() < weather.linkLoss()) {
      way += RETRANSMISSION_MICROS;
    }
    long arrives = Math.max(now + way, linkFreeAt[from - 1][to - 1]);
    linkFreeAt[from - 1][to - 1] = arrives;
    at(arrives - now, () -> receive(to, from, message));
  }
}
