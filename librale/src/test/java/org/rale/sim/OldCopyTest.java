package org.rale.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Member;
import org.rale.replica.ShareLimits;
import org.rale.request.Request;

/** When the operator may put an old copy back, in a world in which nothing else goes wrong. */
final class OldCopyTest {
  /** Longer than the time between the copy and its return. */
  private static final long RETURN_MICROS = 1_600_000;

  private final World world = new World(new Dice(1), calm(new Dice(2)), false);
  private final Operator operator = new Operator(world);

  private static Plan calm(Dice dice) {
    Swarm<Fault> faults = Swarm.draw(dice, Fault.values());
    faults.exclude(List.of(Fault.values()));
    Swarm<Order> orders = Swarm.draw(dice, Order.values());
    orders.exclude(List.of(Order.values()));
    return new Plan(
        3,
        3,
        0,
        0,
        0.1,
        500,
        1_000,
        20_000,
        60_000,
        1 << 16,
        0,
        40,
        0,
        1,
        10_000,
        1,
        1_000_000,
        1_000_000,
        12_000_000,
        faults,
        orders);
  }

  OldCopyTest() {
    List<Member> founders = IntStream.rangeClosed(1, 3).mapToObj(Machine::member).toList();
    IntStream.rangeClosed(1, 3)
        .forEach(
            id ->
                world.machines.add(
                    new Machine(id, world, founders, Watchers.FEW_BYTES, ShareLimits.DEFAULT)));
    world.setOperator(operator);
    world.machines.forEach(Machine::start);
    world.network.begin();
    operator.begin();
    pass(3_000_000);
  }

  private void pass(long micros) {
    world.schedule.runUntil(world.schedule.now() + micros);
  }

  private Life leader() {
    Life leader = world.leader();
    assertThat(leader).isNotNull();
    return leader;
  }

  private Machine follower() {
    return world.machines.stream()
        .filter(machine -> machine != leader().machine)
        .findFirst()
        .orElseThrow();
  }

  /** So that the leader sees more of the node than the copy has. */
  private void write() {
    leader()
        .submit(
            new Request.Change(
                new StoreCommand.Put(Origin.NONE, Bytes.utf8("k0"), Bytes.utf8("value"))),
            1_000,
            response -> {});
  }

  @Test
  void theDiskOfANodeThatRunsIsPutBackLater() {
    operator.oldCopy.begin(follower());
    write();
    pass(RETURN_MICROS);
    assertThat(world.coverage.of(Seen.OLD_COPY)).isEqualTo(1);
    assertThat(world.coverage.of(Seen.REFUSED_OLD_COPY)).isEqualTo(1);
  }

  /** Its disk may be another one by now than that of which its last life knew. */
  @Test
  void whatIsDownIsNotCopied() {
    Machine down = follower();
    down.crash(false);
    operator.oldCopy.begin(down);
    down.start();
    write();
    pass(RETURN_MICROS);
    assertThat(world.coverage.of(Seen.OLD_COPY)).isZero();
  }
}
