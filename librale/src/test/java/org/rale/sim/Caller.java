package org.rale.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Role;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * Asks one thing after the other, any node, and asks again elsewhere when nobody knows what became
 * of a change: under the same client id and sequence.
 */
final class Caller {
  private static final int MOST_ATTEMPTS = 5;

  /** What becomes of a call. */
  interface Answered {
    /**
     * @param response null: nobody knows, and it is asked no more
     * @param sent when the attempt was sent that was answered
     */
    void answered(@Nullable Response response, long sent);
  }

  private final World world;
  private final Dice dice;
  private long high;
  private long low;
  private long sequence;

  Caller(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
    rename();
  }

  private void rename() {
    high = dice.number() | 1;
    low = dice.number();
    sequence = 0;
  }

  /** Of the next change. All before it were answered. */
  Origin origin() {
    sequence++;
    return new Origin(high, low, sequence, sequence - 1, false, 0);
  }

  void call(Request request, Answered answered) {
    attempt(request, 1, false, answered);
  }

  private void attempt(Request request, int number, boolean uncertain, Answered answered) {
    List<Life> up = up();
    if (up.isEmpty()) {
      world.schedule.after(100_000, () -> attempt(request, number, uncertain, answered));
      return;
    }
    int timeoutMs = (int) dice.between(20, 1_500);
    long sent = world.schedule.now();
    boolean[] over = new boolean[1];
    dice.pick(up)
        .submit(
            request,
            timeoutMs,
            response -> {
              if (!over[0]) {
                over[0] = true;
                judge(request, number, uncertain, response, sent, answered);
              }
            });
    // The node may die: the connection breaks, and the client knows no more than that.
    world.schedule.after(
        timeoutMs * 1000L + 1_500_000,
        () -> {
          if (!over[0]) {
            over[0] = true;
            unknown(request, number, sent, answered);
          }
        });
  }

  /** Often one that takes itself for the leader, and rather one that has been replaced. */
  private List<Life> up() {
    List<Life> leaders =
        world.running().stream().filter(life -> life.status().role() == Role.LEADER).toList();
    if (!leaders.isEmpty() && dice.chance(0.4)) {
      List<Life> former = leaders.stream().filter(life -> life != world.leader()).toList();
      return former.isEmpty() ? leaders : former;
    }
    return dice.chance(0.95) ? world.inCluster() : world.running();
  }

  private void judge(
      Request request,
      int number,
      boolean uncertain,
      Response response,
      long sent,
      Answered answered) {
    boolean open =
        response instanceof Response.Failed failed
            && (failed.code() == ErrorCode.UNKNOWN_OUTCOME
                || (uncertain && !isOfTheTable(failed.code())));
    if (open && !request.isRead()) {
      unknown(request, number, sent, answered);
    } else {
      answered.answered(response, sent);
    }
  }

  private static boolean isOfTheTable(ErrorCode code) {
    return code == ErrorCode.REVISION_MISMATCH
        || code == ErrorCode.LEASE_NOT_FOUND
        || code == ErrorCode.LEASE_LIMIT;
  }

  private void unknown(Request request, int number, long sent, Answered answered) {
    if (request instanceof Request.Change change
        && !request.isRead()
        && number < MOST_ATTEMPTS
        && dice.chance(0.8)) {
      StoreCommand command = change.command();
      Request again = new Request.Change(command.withOrigin(command.origin().asRetry()));
      world.schedule.after(
          dice.between(0, 300_000), () -> attempt(again, number + 1, true, answered));
      return;
    }
    rename();
    answered.answered(null, sent);
  }
}
