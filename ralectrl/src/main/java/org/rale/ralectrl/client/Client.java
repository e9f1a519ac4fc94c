package org.rale.ralectrl.client;

import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.Origin;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * Asks servers in turn until one answers, or time is over.
 *
 * <p>Each server gets an equal part of the time that is left, so that one that never answers does
 * not use up all of it. A request that was sent without an answer is sent again, at the next server
 * or, when there is no other, at the same one, unless {@link Repeat} forbids it. A change keeps its
 * client id and sequence and says that it is a retry, and so is applied once (S-15).
 *
 * <p>The next request begins with the server that answered the last one. Several threads may ask.
 */
public final class Client {
  /** The first pass over the servers, and a second one when the first left a change open. */
  private static final int MAX_PASSES = 2;

  private final List<Target> targets;
  private final Duration timeout;

  /** Which server answered last. */
  private volatile int preferred;

  /**
   * @param targets the servers, at least one, in the order in which they are tried
   * @param timeout for all of them together
   */
  public Client(List<Target> targets, Duration timeout) {
    this.targets = List.copyOf(targets);
    this.timeout = timeout;
  }

  /**
   * The answer to the request.
   *
   * @throws Failure also for a failure that a server replied
   */
  public Answer ask(Request request) throws Failure {
    return ask(request, timeout);
  }

  /** The same where the request has less time, or more, than others. */
  public Answer ask(Request request, Duration patience) throws Failure {
    Deadline deadline = Deadline.in(patience);
    int first = preferred;
    Repeat repeat = Repeat.of(request);
    Course course = new Course(request, seconds(patience));
    Request next = request instanceof Request.Change change ? signed(change) : request;
    boolean again = true;
    for (int pass = 0; pass < MAX_PASSES && again; pass++) {
      again = false;
      for (int index = 0; index < targets.size() && !deadline.isOver(); index++) {
        int which = (first + index) % targets.size();
        Target target = targets.get(which);
        Deadline part = deadline.part(targets.size() - index);
        Attempt attempt = attempt(target, next, part, repeat == Repeat.NEVER ? deadline : part);
        Answer answer = attempt.answer();
        if (answer != null) {
          if (!mayGoOn(answer, repeat)) {
            preferred = which;
            return settle(course, target, answer);
          }
          course.refused(target, answer);
        } else if (attempt.sent()) {
          course.unanswered(target, attempt.reason(), attempt.late());
          if (repeat == Repeat.NEVER) {
            throw course.failure();
          }
        } else {
          course.unreached(target, attempt.reason(), attempt.late());
        }
        if (attempt.sent() && next instanceof Request.Change change) {
          next = retried(change, attempt.appliedBefore());
        }
        again |= attempt.sent() && (answer == null || isUnknown(answer));
      }
    }
    throw course.failure();
  }

  private static Answer settle(Course course, Target target, Answer answer) throws Failure {
    if (!course.isSettledBy(answer)) {
      course.refused(target, answer);
      throw course.failure();
    }
    if (answer.response() instanceof Response.Failed) {
      throw Course.replied(answer, List.of());
    }
    return answer;
  }

  /** Whether another server may have a better answer to the same request. */
  static boolean mayGoOn(Answer answer, Repeat repeat) {
    if (!(answer.response() instanceof Response.Failed failed)) {
      return false;
    }
    return switch (failed.code()) {
      case NO_LEADER, NOT_MEMBER, SHUTTING_DOWN, OVERLOADED -> true;
      case TIMEOUT -> repeat != Repeat.NEVER;
      case UNKNOWN_OUTCOME -> repeat == Repeat.AS_THE_SAME_CHANGE;
      default -> false;
    };
  }

  private static boolean isUnknown(Answer answer) {
    return answer.response() instanceof Response.Failed failed
        && failed.code() == ErrorCode.UNKNOWN_OUTCOME;
  }

  /**
   * One try at one server.
   *
   * @param answer null when none came
   * @param sent whether the server may have got the request
   * @param late whether time ran out
   * @param appliedBefore a log index that was applied before the change was; 0 when not known
   */
  private record Attempt(
      @Nullable Answer answer, boolean sent, boolean late, String reason, long appliedBefore) {}

  private static Attempt attempt(
      Target target, Request request, Deadline toConnect, Deadline toAnswer) {
    try (Link link = Link.open(target, toConnect)) {
      return request instanceof Request.Change change
          ? attemptChange(link, change, toAnswer)
          : attemptOther(link, request, toAnswer);
    } catch (IOException e) {
      return new Attempt(null, false, e instanceof Link.TimeoutException, reason(e), 0);
    }
  }

  private static Attempt attemptOther(Link link, Request request, Deadline deadline) {
    Link.Exchange exchange = link.exchange(Protocol.write(request, deadline.leftMs()), 1, deadline);
    return exchange.lines().isEmpty()
        ? silent(exchange, 0)
        : answered(request, exchange.lines().get(0), 0);
  }

  /**
   * A change goes out behind a STATUS, in one write: the last_applied of its reply is what a retry
   * must know, and costs no round trip this way.
   */
  private static Attempt attemptChange(Link link, Request.Change change, Deadline deadline) {
    Request.Status status = new Request.Status();
    byte[] first = Protocol.write(status, deadline.leftMs());
    byte[] second = Protocol.write(change, deadline.leftMs());
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    Link.Exchange exchange = link.exchange(both, 2, deadline);
    if (exchange.lines().isEmpty()) {
      return silent(exchange, 0);
    }
    try {
      Answer toStatus = Protocol.read(status, exchange.lines().get(0));
      long applied = Protocol.lastApplied(toStatus.response());
      if (exchange.lines().size() == 2) {
        return answered(change, exchange.lines().get(1), applied);
      }
      if (toStatus.response() instanceof Response.Failed && !exchange.timedOut()) {
        // STATUS is always answered. A failure instead is about the connection, which the server
        // closed then: it did not come to look at the change.
        return new Attempt(toStatus, false, false, "refused", 0);
      }
      return silent(exchange, applied);
    } catch (IOException e) {
      return new Attempt(null, true, false, reason(e), 0);
    }
  }

  private static Attempt answered(Request request, byte[] line, long applied) {
    try {
      return new Attempt(Protocol.read(request, line), true, false, "answered", applied);
    } catch (IOException e) {
      return new Attempt(null, true, false, reason(e), applied);
    }
  }

  private static Attempt silent(Link.Exchange exchange, long applied) {
    IOException trouble = exchange.trouble();
    String reason = trouble == null ? "no answer" : reason(trouble);
    return new Attempt(null, exchange.sent(), exchange.timedOut(), reason, applied);
  }

  private static Request.Change signed(Request.Change change) {
    RandomId id = RandomId.next();
    Origin origin = new Origin(id.high(), id.low(), 1, 0, /* retry= */ false, 0);
    return new Request.Change(change.command().withOrigin(origin));
  }

  /** The first index that was seen stays: later ones may be after the first attempt. */
  private static Request.Change retried(Request.Change change, long appliedBefore) {
    Origin first = change.command().origin();
    if (first.retry()) {
      return change;
    }
    Origin retry =
        new Origin(first.clientHigh(), first.clientLow(), first.sequence(), 0, true, appliedBefore);
    return new Request.Change(change.command().withOrigin(retry));
  }

  /** In the words of this program: the JDK's are terse, and differ between releases. */
  static String reason(IOException e) {
    if (e instanceof UnknownHostException) {
      return "unknown host name";
    }
    String message = String.valueOf(e.getMessage()).replace(" (connect failed)", "");
    return switch (message) {
      case "null", "" -> e.getClass().getSimpleName();
      case "Connection refused" -> "connection refused";
      case "Connection timed out" -> "connection timed out";
      case "No such file or directory" -> "there is no such socket";
      case "Permission denied" -> "permission denied";
      case "Connection reset", "Connection reset by peer", "Broken pipe" ->
          "the server closed the connection without an answer";
      default -> message;
    };
  }

  /** As people write it. */
  public static String seconds(Duration timeout) {
    long ms = timeout.toMillis();
    return ms % 1000 == 0 ? ms / 1000 + " s" : ms + " ms";
  }
}
