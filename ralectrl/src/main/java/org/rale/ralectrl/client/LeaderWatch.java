package org.rale.ralectrl.client;

import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * Follows what servers say of the leader: one server for as long as it answers and knows of a
 * leader, then the next one. What it tells are changes, and their terms never fall: a server that
 * lags behind what was told has nothing to say.
 */
public final class LeaderWatch implements Closeable {
  /** Between two rounds in which no server answered. */
  private static final long PAUSE_MS = 100;

  private final List<Target> targets;
  private final Duration timeout;
  private int current;
  private SteadyClient server;

  /** What this server said last; null: it was not asked yet. */
  private Response.@Nullable Leader said;

  /** What was told last; null: nothing yet. */
  private Response.@Nullable Leader told;

  /**
   * @param targets the servers, at least one, in the order in which they are tried
   * @param timeout how long none of them may answer
   */
  public LeaderWatch(List<Target> targets, Duration timeout) {
    this.targets = List.copyOf(targets);
    this.timeout = timeout;
    this.server = new SteadyClient(targets.get(0), timeout);
  }

  /**
   * Waits for the next change. The first call is answered with what is known.
   *
   * @throws Failure also where the servers answered with nothing but failures for so long
   */
  public Answer next() throws Failure {
    while (true) {
      Answer answer = ask();
      Response.Leader leader = (Response.Leader) answer.response();
      boolean unchanged = leader.equals(said);
      said = leader;
      if (isNews(leader)) {
        told = leader;
        return answer;
      }
      // Time ran out there. The others may hear a leader where this one hears none.
      if (unchanged && targets.size() > 1 && (leader.leaderId() < 0 || lags(leader))) {
        moveOn();
      }
    }
  }

  /** An answer of any server that is no failure. */
  private Answer ask() throws Failure {
    Deadline silence = Deadline.in(timeout);
    while (true) {
      Course course = new Course(new Request.WatchLeader(), Client.seconds(timeout));
      for (int left = targets.size(); left > 0; left--) {
        Answer answer = ask(silence.part(left), course);
        if (answer != null) {
          return answer;
        }
        moveOn();
      }
      pause(silence);
      if (silence.isOver()) {
        throw course.failure();
      }
    }
  }

  /** The current server's answer; null where another one may have a better one. */
  private @Nullable Answer ask(Deadline deadline, Course course) throws Failure {
    Answer answer = server.attempt(request(), deadline, course);
    if (answer == null || !(answer.response() instanceof Response.Failed)) {
      return answer;
    }
    if (!Client.mayGoOn(answer, Repeat.FREELY)) {
      throw Course.replied(answer, List.of());
    }
    course.refused(targets.get(current), answer);
    return null;
  }

  private Request.WatchLeader request() {
    Response.Leader known = said != null ? said : told;
    return known == null
        ? new Request.WatchLeader()
        : new Request.WatchLeader(known.leaderId(), known.term());
  }

  private void moveOn() {
    server.close();
    current = (current + 1) % targets.size();
    server = new SteadyClient(targets.get(current), timeout);
    said = null;
  }

  private boolean lags(Response.Leader leader) {
    return told != null && leader.term() < told.term();
  }

  /** Whether it differs from what was told: that there still is no leader is no change. */
  private boolean isNews(Response.Leader leader) {
    Response.Leader last = told;
    if (last == null) {
      return true;
    }
    boolean same =
        leader.leaderId() == last.leaderId()
            && (leader.term() == last.term() || leader.leaderId() < 0);
    return !same && !lags(leader);
  }

  private static void pause(Deadline deadline) {
    try {
      Thread.sleep(Math.min(PAUSE_MS, deadline.leftMs()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
