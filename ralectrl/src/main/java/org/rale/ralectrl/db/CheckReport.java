package org.rale.ralectrl.db;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.ClusterDbFile;
import org.rale.clusterdb.Survey;
import org.rale.command.JsonLine;
import org.rale.raft.Entry;
import org.rale.raft.Member;
import org.rale.ralectrl.output.Output;

/**
 * What is said of a file as a whole. In a damaged one the figures are those of the whole batches
 * before the damage.
 *
 * @param survey with the log applied to the table
 * @param daemon the process that has it open; 0 where that is not known
 */
record CheckReport(Path path, ClusterDbFile file, Survey survey, OptionalLong daemon) {

  String text() {
    StringBuilder text = new StringBuilder(1024);
    ClusterDbException damage = survey.damage();
    field(text, "verdict", damage == null ? "sound" : "damaged at byte " + damage.offset());
    field(text, "file", path + ", " + Count.of(file.size(), "byte"));
    if (daemon.isPresent()) {
      field(text, "open in", "raled%s: all of this is as of now".formatted(process()));
    }
    if (Files.isSymbolicLink(path)) {
      field(text, "link", "this is a symbolic link, and raled opens none");
    }
    header(text);
    Survey.Reach reach = survey.reach();
    field(
        text,
        "batches",
        reach.batches()
            + ", "
            + Count.of(reach.bytes(), "byte")
            + (damage == null ? "" : ", before the damage"));
    Survey.Held held = survey.held();
    if (held != null) {
      contents(text, held);
    }
    if (damage == null) {
      field(text, "torn tail", tornTail());
    }
    return text.substring(0, text.length() - 1);
  }

  private void header(StringBuilder text) {
    long cluster = file.identity().clusterId();
    field(text, "format version", "" + file.formatVersion());
    field(text, "cluster id", cluster == 0 ? "none: in no cluster" : Members.hex(cluster));
    if (file.isBackup()) {
      field(
          text,
          "backup",
          survey.damage() == null
              ? "yes: raled --restore starts a new cluster with it"
              : "yes, and not to be used");
    } else {
      field(text, "node id", "" + file.identity().nodeId());
      field(text, "incarnation", Members.hex(file.identity().incarnation()));
    }
    field(text, "sealed end", "" + file.sealedEnd());
  }

  private void contents(StringBuilder text, Survey.Held held) {
    long index = held.snapshot().index();
    field(
        text,
        "snapshot",
        "index %d, term %d, %s"
            .formatted(
                index, held.snapshot().term(), table(held.snapshotKeys(), held.snapshotBytes())));
    int vote = held.hardState().votedFor();
    field(
        text,
        "term and vote",
        "term %d, %s"
            .formatted(held.hardState().term(), vote == 0 ? "no vote" : "voted for node " + vote));
    List<Entry> log = held.entries();
    field(
        text,
        "log",
        log.isEmpty()
            ? "no entries"
            : "entries %d to %d, of terms %d to %d"
                .formatted(
                    index + 1,
                    held.lastIndex(),
                    log.get(0).term(),
                    log.get(log.size() - 1).term()));
    field(
        text,
        "membership",
        held.membership().isEmpty() ? "none" : "as of index " + held.membershipIndex());
    for (Member member : held.membership().members()) {
      field(text, "  member", Members.text(member));
    }
    field(
        text,
        "committed",
        "up to index %d at least%s"
            .formatted(
                held.committed(),
                held.committed() == held.lastIndex()
                    ? ""
                    : "; which entries behind it, the file does not say"));
    if (held.table().appliedIndex() == held.lastIndex()) {
      field(
          text,
          "table",
          table(held.table().size(), held.table().liveBytes()) + ", with the log applied");
    }
  }

  private static String table(int keys, long liveBytes) {
    return Count.of(keys, "key") + ", " + Count.of(liveBytes, "live byte");
  }

  private String tornTail() {
    long bytes = survey.reach().cutBytes();
    if (bytes == 0) {
      return "none";
    }
    return daemon.isPresent()
        ? Count.of(bytes, "byte") + ": raled is writing there"
        : Count.of(bytes, "byte") + ": a start cuts it off";
  }

  private String process() {
    return daemon.orElse(0) == 0 ? "" : ", process " + daemon.getAsLong();
  }

  private static void field(StringBuilder text, String name, String value) {
    text.append("%-15s %s\n".formatted(name, Output.printable(value)));
  }

  String json() {
    JsonLine line = new JsonLine(1024).open('{');
    ClusterDbException damage = survey.damage();
    line.field("status", "ok").field("verdict", damage == null ? "sound" : "damaged");
    line.field("file", path.toString()).field("size", file.size());
    line.field("in_use", daemon.isPresent());
    if (daemon.orElse(0) != 0) {
      line.field("pid", daemon.getAsLong());
    }
    line.field("symbolic_link", Files.isSymbolicLink(path))
        .field("format_version", file.formatVersion())
        .field("backup", file.isBackup())
        .field("cluster_id", Members.hex(file.identity().clusterId()))
        .field("node_id", file.identity().nodeId())
        .field("incarnation", Members.hex(file.identity().incarnation()))
        .field("sealed_end", file.sealedEnd())
        .field("batches", survey.reach().batches())
        .field("batch_bytes", survey.reach().bytes());
    Survey.Held held = survey.held();
    if (held != null) {
      contents(line, held);
    }
    if (damage == null) {
      line.field("torn_bytes", survey.reach().cutBytes());
    } else {
      line.name("damage")
          .open('{')
          .field("offset", damage.offset())
          .field("detail", damage.detail())
          .field("hint", damage.hint())
          .close('}');
    }
    return Failures.text(line.close('}'));
  }

  private static void contents(JsonLine line, Survey.Held held) {
    long index = held.snapshot().index();
    line.name("snapshot")
        .open('{')
        .field("index", index)
        .field("term", held.snapshot().term())
        .field("keys", held.snapshotKeys())
        .field("live_bytes", held.snapshotBytes())
        .close('}');
    line.field("term", held.hardState().term()).field("voted_for", held.hardState().votedFor());
    List<Entry> log = held.entries();
    line.name("log").open('{').field("entries", log.size());
    if (!log.isEmpty()) {
      line.field("first_index", index + 1)
          .field("last_index", held.lastIndex())
          .field("first_term", log.get(0).term())
          .field("last_term", log.get(log.size() - 1).term());
    }
    line.close('}');
    line.name("membership").open('{').field("index", held.membershipIndex());
    Members.json(line, held.membership()).close('}');
    line.field("committed_at_least", held.committed());
    if (held.table().appliedIndex() == held.lastIndex()) {
      line.name("table")
          .open('{')
          .field("index", held.lastIndex())
          .field("keys", held.table().size())
          .field("live_bytes", held.table().liveBytes())
          .close('}');
    }
  }
}
