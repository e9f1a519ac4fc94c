package org.rale.ralectrl.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.rale.command.JsonLine;
import org.rale.ralectrl.backup.Download;
import org.rale.ralectrl.client.SteadyClient;
import org.rale.ralectrl.client.Target;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response.BackupBegun;

final class BackupCommand implements Command {
  private static final Option LOCAL =
      Option.flag("What the node has applied, without a majority; it may be stale.", "--local");
  private static final Option FORCE = Option.flag("Replace a file of that name.", "--force");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "BACKUP",
        "write what a node holds to a file",
        List.of("ralectrl [GLOBAL OPTIONS] BACKUP [--local] [--force] FILE"),
        List.of(
            "Writes what a node holds to a file: all keys with their revisions, as of one moment,"
                + " while the node goes on. Any node will do. The file is FILE.partial until it is"
                + " whole, checked and on the disk.",
            "\"raled --restore FILE\" starts a new cluster with it, DB check looks into it."),
        new Syntax.Positions("FILE", "Where the backup goes."),
        List.of(LOCAL, FORCE));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    if (given.positions().size() != 1) {
      throw Given.wrong("BACKUP", "1 FILE is expected, but there are " + given.positions().size());
    }
    Path file = Where.path("FILE", given.positions().get(0));
    Download download = new Download(file, given.has(FORCE), session.output(), session.terminal());
    download.requireFree();
    List<Target> servers = session.servers();
    Duration each = session.timeout(Session.SHORT);
    for (int index = 0; ; index++) {
      try (SteadyClient server = new SteadyClient(servers.get(index), each)) {
        BackupBegun backup = server.ask(new Request.Backup(given.has(LOCAL))).as(BackupBegun.class);
        report(session, file, download.fetch(server, backup));
        return;
      } catch (Failure e) {
        if (index == servers.size() - 1 || !mayBeBetterElsewhere(e)) {
          throw e;
        }
        session.output().warning("%s: %s".formatted(servers.get(index), e.text()));
      }
    }
  }

  private static boolean mayBeBetterElsewhere(Failure e) {
    return e.exitCode() == ExitCode.UNAVAILABLE
        || e.code() == ErrorCode.OVERLOADED
        || e.code() == ErrorCode.NOT_MEMBER;
  }

  private static void report(Session session, Path file, Download.Done done) throws IOException {
    BackupBegun backup = done.backup();
    String cluster = String.format(Locale.ROOT, "%016x", backup.clusterId());
    if (session.output().isJson()) {
      JsonLine line =
          new JsonLine(256)
              .open('{')
              .field("status", "ok")
              .field("file", file.toString())
              .field("size", done.fileBytes())
              .field("cluster_id", cluster)
              .field("index", backup.index())
              .field("keys", backup.keys());
      session.output().line(new String(line.close('}').toByteArray(), StandardCharsets.UTF_8));
    } else {
      session
          .output()
          .line(
              "%s: %d keys of cluster %s as of index %d, %d bytes"
                  .formatted(file, backup.keys(), cluster, backup.index(), done.fileBytes()));
    }
  }
}
