package org.rale.ralectrl.commands;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.rale.ralectrl.client.Answer;
import org.rale.ralectrl.client.Client;
import org.rale.ralectrl.client.Deadline;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class WaitCommand implements Command {
  private static final Option NO_NEWLINE =
      Option.flag("Print the value alone.", "-n", "--no-newline");

  /** A server waits no longer than a minute, and one that is cut off is left for the next one. */
  private static final long PIECE_MS = 20_000;

  private static final long PAUSE_MS = 100;

  @Override
  public Syntax syntax() {
    return new Syntax(
        "WAIT",
        "wait until a key is there, or newer",
        List.of("ralectrl [GLOBAL OPTIONS] WAIT [--no-newline] KEY [REVISION]"),
        List.of(
            "Waits until the key exists or, with a revision, until it has a higher one; then prints"
                + " its value, as GET does. --timeout is how long to wait (60).",
            "Exit code 4: the key is gone, where a revision was given. 3: time ran out."),
        new Syntax.Positions("KEY [REVISION]", "The key, and the revision of it that is known."),
        List.of(NO_NEWLINE));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    if (given.positions().isEmpty() || given.positions().size() > 2) {
      throw Given.wrong(
          "WAIT",
          "KEY [REVISION] is expected, but there are %d values"
              .formatted(given.positions().size()));
    }
    long revision =
        given.positions().size() == 1 ? 0 : Texts.revision("REVISION", given.positions().get(1));
    Request.Wait request = new Request.Wait(Keys.key(given.positions().get(0)), revision);
    Answer answer = await(request, session);
    Response.Value value = answer.as(Response.Value.class);
    if (session.output().isJson()) {
      session.output().line(answer.json());
    } else {
      session.output().value(value.value(), !given.has(NO_NEWLINE));
    }
  }

  private static Answer await(Request.Wait request, Session session) throws Failure {
    Duration patience = session.timeout(Session.LONG);
    Deadline end = Deadline.in(patience);
    Client client = new Client(session.servers(), patience);
    while (true) {
      try {
        long pieceMs = Math.max(1, Math.min(PIECE_MS, end.leftMs()));
        return client.ask(request, Duration.ofMillis(pieceMs));
      } catch (Failure e) {
        if (!mayPass(e) || end.leftMs() <= PAUSE_MS) {
          throw e;
        }
        pause();
      }
    }
  }

  private static boolean mayPass(Failure e) {
    return switch (e.code()) {
      case TIMEOUT, NO_LEADER, NODE_UNREACHABLE, OVERLOADED, SHUTTING_DOWN -> true;
      default -> false;
    };
  }

  /** What was answered at once would be asked again without end. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
