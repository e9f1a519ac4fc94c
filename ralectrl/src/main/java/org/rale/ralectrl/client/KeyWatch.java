package org.rale.ralectrl.client;

import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import org.rale.bytes.Bytes;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * Follows the keys that begin with a prefix: each change once, in its order. One server is asked
 * for as long as it has something to tell; one that is quiet may be cut off, so the next one is
 * asked from where that one ended.
 */
public final class KeyWatch implements Closeable {
  /** Between two rounds in which no server answered. */
  private static final long PAUSE_MS = 100;

  private final List<Target> targets;
  private final Bytes prefix;
  private final Duration timeout;
  private int current;
  private SteadyClient server;

  /** Up to which all was told; -1: it is not known yet from where. */
  private long revision;

  /**
   * @param targets the servers, at least one, in the order in which they are tried
   * @param from changes with a higher revision are told; -1: those from now on
   * @param timeout how long none of them may answer
   */
  public KeyWatch(List<Target> targets, Bytes prefix, long from, Duration timeout) {
    this.targets = List.copyOf(targets);
    this.prefix = prefix;
    this.timeout = timeout;
    this.revision = from;
    this.server = new SteadyClient(targets.get(0), timeout);
  }

  /**
   * Waits for the next changes, at least one.
   *
   * @throws Failure with REVISION_TOO_OLD where no server remembers what is to be told next; also
   *     where the servers answered with nothing but failures for so long
   */
  public Response.Events next() throws Failure {
    while (true) {
      Response.Events events = ask();
      boolean begins = revision < 0;
      revision = Math.max(revision, events.revision());
      if (!events.changes().isEmpty()) {
        return events;
      }
      if (!begins && targets.size() > 1) {
        moveOn();
      }
    }
  }

  /** An answer of any server that is no failure. */
  private Response.Events ask() throws Failure {
    Deadline silence = Deadline.in(timeout);
    Request.Watch request = new Request.Watch(prefix, revision);
    while (true) {
      Course course = new Course(request, Client.seconds(timeout));
      Answer tooOld = null;
      int forgotten = 0;
      for (int left = targets.size(); left > 0; left--) {
        Answer answer = server.attempt(request, silence.part(left), course);
        if (answer != null) {
          if (!(answer.response() instanceof Response.Failed failed)) {
            return answer.as(Response.Events.class);
          }
          if (failed.code() == ErrorCode.REVISION_TOO_OLD) {
            // Another one may remember more.
            tooOld = answer;
            forgotten++;
          } else if (!Client.mayGoOn(answer, Repeat.FREELY)) {
            throw Course.replied(answer, List.of());
          }
          course.refused(targets.get(current), answer);
        }
        moveOn();
      }
      if (forgotten < targets.size()) {
        pause(silence);
      }
      if (forgotten == targets.size() || silence.isOver()) {
        throw tooOld == null ? course.failure() : Course.replied(tooOld, List.of());
      }
    }
  }

  private void moveOn() {
    server.close();
    current = (current + 1) % targets.size();
    server = new SteadyClient(targets.get(current), timeout);
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
