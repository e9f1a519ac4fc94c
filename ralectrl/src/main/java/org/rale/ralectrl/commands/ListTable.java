package org.rale.ralectrl.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rale.ralectrl.output.BoxTable;
import org.rale.request.NodeInfo;
import org.rale.request.PathInfo;
import org.rale.request.Response.Field;

/** The answer to LIST as a table: by the names of its members for awk, or in words for people. */
final class ListTable {
  private static final List<String> MEMBERS =
      List.of("id", "name", "ip", "rale_port", "dstore_port", "role", "state");

  private static final List<String> MEASURED =
      List.of("path", "rtt_ms", "jitter_ms", "loss", "lag", "last_contact_ms");

  /** As {@link #MEASURED}, but that the table has to fit into 120 columns. */
  private static final List<String> MEASURED_TITLES =
      List.of("path", "rtt_ms", "jitter_ms", "loss", "lag", "seen_ms");

  private static final List<String> TITLES =
      List.of(
          "Node ID",
          "Name",
          "IP Address",
          "RALE Port",
          "DStore Port",
          "Role",
          "State",
          "Path",
          "RTT ms",
          "Loss",
          "Lag",
          "Seen");

  /** In place of what is not known. */
  private static final String NOTHING = "-";

  private ListTable() {}

  static String plain(List<NodeInfo> nodes) {
    List<String> header = new ArrayList<>(MEMBERS);
    header.addAll(MEASURED_TITLES);
    return BoxTable.plain(header, nodes.stream().map(ListTable::plainRow).toList());
  }

  static String boxed(List<NodeInfo> nodes) {
    return BoxTable.boxed(TITLES, nodes.stream().map(ListTable::boxedRow).toList())
        + "\nTotal nodes: "
        + nodes.size();
  }

  private static List<String> plainRow(NodeInfo node) {
    List<String> row = member(node);
    List<Field> measured = node.measured();
    for (String name : MEASURED) {
      row.add(
          measured.stream()
              .filter(field -> field.name().equals(name))
              .map(Field::value)
              .findFirst()
              .orElse(NOTHING));
    }
    return row;
  }

  private static List<String> boxedRow(NodeInfo node) {
    List<String> row = member(node);
    PathInfo path = node.path();
    row.add(path.use() == PathInfo.Use.UNKNOWN ? NOTHING : path.use().word());
    row.add(
        path.rttMicros() == PathInfo.UNKNOWN
            ? NOTHING
            : String.format(Locale.ROOT, "%.2f", path.rttMicros() / 1000.0));
    row.add(
        path.lossPermille() == PathInfo.UNKNOWN
            ? NOTHING
            : String.format(Locale.ROOT, "%.1f%%", path.lossPermille() / 10.0));
    row.add(node.lag() == NodeInfo.UNKNOWN ? NOTHING : Long.toString(node.lag()));
    row.add(path.lastContactMs() == PathInfo.UNKNOWN ? NOTHING : time(path.lastContactMs()));
    return row;
  }

  private static List<String> member(NodeInfo node) {
    return new ArrayList<>(
        List.of(
            Integer.toString(node.id()),
            node.name(),
            node.host(),
            Integer.toString(node.ralePort()),
            Integer.toString(node.dstorePort()),
            node.role(),
            node.online() ? "online" : "offline"));
  }

  /** In four characters or a few more. */
  private static String time(long ms) {
    if (ms < 1_000) {
      return ms + "ms";
    } else if (ms < 60_000) {
      return String.format(Locale.ROOT, "%.1fs", ms / 1_000.0);
    } else if (ms < 3_600_000) {
      return ms / 60_000 + "min";
    }
    return ms / 3_600_000 + "h";
  }
}
