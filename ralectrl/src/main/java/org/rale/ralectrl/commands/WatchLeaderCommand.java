package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.ralectrl.client.Answer;
import org.rale.ralectrl.client.LeaderWatch;
import org.rale.ralectrl.output.AtSignal;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Response;

final class WatchLeaderCommand implements Command {
  private static final Option COUNT =
      Option.text("NUMBER", "End after so many lines; 1: print who leads.", "--count");

  private static final String NOBODY_READS = "Broken pipe";

  @Override
  public Syntax syntax() {
    return new Syntax(
        "WATCH-LEADER",
        "print each change of leader",
        List.of("ralectrl [GLOBAL OPTIONS] WATCH-LEADER [--count NUMBER]"),
        List.of(
            "Prints who leads, and then a line for each change, until it is interrupted or nobody"
                + " reads it any more: \"leader ID NAME IP DSTORE_PORT term TERM\" or \"no leader"
                + " term TERM\". It is what the server knows that is asked; when that is gone, the"
                + " next one's.",
            "--timeout is how long no server may answer."),
        null,
        List.of(COUNT));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    String count = given.text(COUNT);
    int lines = count == null ? 0 : Texts.count("--count", count, Integer.MAX_VALUE);
    AtSignal interrupted = new AtSignal(() -> Runtime.getRuntime().halt(ExitCode.DONE));
    try (LeaderWatch watch = new LeaderWatch(session.servers(), session.timeout(Session.SHORT))) {
      for (int printed = 0; lines == 0 || printed < lines; printed++) {
        Answer answer = watch.next();
        if (!print(session, answer)) {
          return;
        }
      }
    } finally {
      interrupted.forget();
    }
  }

  /** Returns whether somebody reads it. */
  private static boolean print(Session session, Answer answer) throws IOException {
    String text =
        session.output().isJson()
            ? answer.json()
            : LeaderLine.of((Response.Leader) answer.response());
    try {
      session.output().line(text);
      return true;
    } catch (IOException e) {
      if (NOBODY_READS.equals(e.getMessage())) {
        return false;
      }
      throw e;
    }
  }
}
