package org.rale.ralectrl.client;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * Asks one server many things, one after the other, over one connection for as long as that stands,
 * and over another one when it broke. For requests that may be asked again freely.
 */
public final class SteadyClient implements Closeable {
  /** A server that takes a connection and then breaks it each time is not asked for ever. */
  private static final int MAX_ATTEMPTS = 3;

  private final Target target;
  private final Duration timeout;
  private @Nullable Link link;

  /**
   * @param timeout for each request
   */
  public SteadyClient(Target target, Duration timeout) {
    this.target = target;
    this.timeout = timeout;
  }

  /**
   * The answer to the request.
   *
   * @throws Failure also for a failure that the server replied
   */
  public Answer ask(Request request) throws Failure {
    Deadline deadline = Deadline.in(timeout);
    Course course = new Course(request, Client.seconds(timeout));
    for (int attempt = 0; attempt < MAX_ATTEMPTS && !deadline.isOver(); attempt++) {
      Answer answer = attempt(request, deadline, course);
      if (answer == null) {
        close();
      } else if (answer.response() instanceof Response.Failed) {
        throw Course.replied(answer, List.of());
      } else {
        return answer;
      }
    }
    throw course.failure();
  }

  /**
   * The server's answer, which may be a failure; null where none came, and the course says why.
   * Then the connection is of no use any more.
   */
  @Nullable Answer attempt(Request request, Deadline deadline, Course course) {
    Link open = link;
    try {
      if (open == null) {
        open = Link.open(target, deadline);
        link = open;
      }
    } catch (IOException e) {
      course.unreached(target, Client.reason(e), e instanceof Link.TimeoutException);
      return null;
    }
    Link.Exchange exchange = open.exchange(Protocol.write(request, deadline.leftMs()), 1, deadline);
    IOException trouble = exchange.trouble();
    try {
      if (!exchange.lines().isEmpty()) {
        return Protocol.read(request, exchange.lines().get(0));
      }
    } catch (IOException e) {
      trouble = e;
    }
    course.unanswered(
        target, trouble == null ? "no answer" : Client.reason(trouble), exchange.timedOut());
    return null;
  }

  @Override
  public void close() {
    Link open = link;
    if (open != null) {
      link = null;
      open.close();
    }
  }
}
