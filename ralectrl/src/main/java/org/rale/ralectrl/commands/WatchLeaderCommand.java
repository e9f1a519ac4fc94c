package org.rale.ralectrl.commands;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.client.Answer;
import org.rale.ralectrl.client.LeaderWatch;
import org.rale.ralectrl.output.AtSignal;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Response;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "WATCH-LEADER",
    customSynopsis = "ralectrl [GLOBAL OPTIONS] WATCH-LEADER [--count NUMBER]",
    description = {
      "Prints who leads, and then a line for each change, until it is interrupted or nobody reads"
          + " it any more: \"leader ID NAME IP DSTORE_PORT term TERM\" or \"no leader term TERM\"."
          + " It is what the server knows that is asked; when that is gone, the next one's.",
      "--timeout is how long no server may answer."
    })
final class WatchLeaderCommand implements Command {
  private static final String NOBODY_READS = "Broken pipe";

  @Option(
      names = "--count",
      paramLabel = "NUMBER",
      description = "End after so many lines; 1: print who leads.")
  @Nullable String count;

  @Override
  public void run(Session session) throws Failure, IOException {
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
