package org.rale.ralectrl.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.rale.bytes.Bytes;
import org.rale.command.JsonLine;
import org.rale.dstore.Item;
import org.rale.dstore.KeyChange;
import org.rale.ralectrl.client.KeyWatch;
import org.rale.ralectrl.output.AtSignal;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.ralectrl.output.Quoted;

final class WatchCommand implements Command {
  private static final Option PREFIX = Option.text("PREFIX", "The same as PREFIX.", "--prefix");
  private static final Option FROM =
      Option.text(
          "REVISION",
          "Tell what changed after this revision; without it, what changes from now on.",
          "--from");
  private static final Option COUNT =
      Option.text(
          "NUMBER",
          "End after so many lines, and those of the same revision as the last of them.",
          "--count");

  private static final String NOBODY_READS = "Broken pipe";

  @Override
  public Syntax syntax() {
    return new Syntax(
        "WATCH",
        "print each change of keys",
        List.of("ralectrl [GLOBAL OPTIONS] WATCH [--from REVISION] [--count NUMBER] [PREFIX]"),
        List.of(
            "Prints a line for each change of the keys that begin with the prefix, until it is"
                + " interrupted or nobody reads it any more: \"put REVISION KEY VALUE\" or \"delete"
                + " REVISION KEY\", keys and values in quotes. Each change is told once, also when"
                + " a server is gone and the next one is asked.",
            "--timeout is how long no server may answer. Exit code 5: what changed after the"
                + " revision is not remembered; read the keys anew."),
        new Syntax.Positions("PREFIX", "All keys without one."),
        List.of(PREFIX, FROM, COUNT));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    Bytes bytes = Keys.prefix(Given.optional("WATCH", given.positions(), given.text(PREFIX)));
    String count = given.text(COUNT);
    int most = count == null ? 0 : Texts.count("--count", count, Integer.MAX_VALUE);
    String from = given.text(FROM);
    long revision = from == null ? -1 : Texts.revision("--from", from);
    AtSignal interrupted = new AtSignal(() -> Runtime.getRuntime().halt(ExitCode.DONE));
    try (KeyWatch watch =
        new KeyWatch(session.servers(), bytes, revision, session.timeout(Session.SHORT))) {
      follow(watch, most, session);
    } catch (IOException e) {
      if (!NOBODY_READS.equals(e.getMessage())) {
        throw e;
      }
    } finally {
      interrupted.forget();
    }
  }

  /**
   * What one step changed stands together: who goes on from the revision of the last line misses
   * nothing.
   */
  private static void follow(KeyWatch watch, int most, Session session)
      throws Failure, IOException {
    int printed = 0;
    long last = -1;
    while (most == 0 || printed < most) {
      for (KeyChange change : watch.next().changes()) {
        if (most > 0 && printed >= most && change.revision() != last) {
          return;
        }
        session.output().line(session.output().isJson() ? json(change) : text(change));
        last = change.revision();
        printed++;
      }
    }
  }

  private static String text(KeyChange change) {
    Item item = change.item();
    String rest = change.revision() + " " + Quoted.of(change.key());
    return item == null ? "delete " + rest : "put " + rest + " " + Quoted.of(item.value());
  }

  /** As it stands in a server's reply. */
  private static String json(KeyChange change) {
    Item item = change.item();
    JsonLine line =
        new JsonLine(128 + change.key().length() + (item == null ? 0 : item.value().length()))
            .open('{')
            .field("event", item == null ? "DELETE" : "PUT")
            .field("key", change.key());
    if (item != null) {
      line.field("value", item.value());
    }
    line.field("revision", change.revision());
    if (item != null) {
      line.field("created_revision", item.createdRevision()).field("version", item.version());
    }
    return new String(line.close('}').toByteArray(), StandardCharsets.UTF_8);
  }
}
