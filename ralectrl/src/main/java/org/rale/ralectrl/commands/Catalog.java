package org.rale.ralectrl.commands;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * All commands. Only the one that is asked for is ever made, as picocli's look at a class takes
 * longer than anything else that the program does.
 */
public final class Catalog {
  private static final List<Entry> ENTRIES =
      List.of(
          new Entry("PUT", "give a key a value (also: SET)", PutCommand::new),
          new Entry("GET", "print the value of a key", GetCommand::new),
          new Entry("CAS", "give a key a value if it is at a revision", CasCommand::new),
          new Entry("DELETE", "remove a key", DeleteCommand::new),
          new Entry("KEYS", "list the keys that begin with a prefix", KeysCommand::new),
          new Entry("WATCH", "print each change of keys", WatchCommand::new),
          new Entry("WAIT", "wait until a key is there, or newer", WaitCommand::new),
          new Entry("TXN", "several conditions and changes as one step", TxnCommand::new),
          new Entry("LEASE", "make, keep, end or list leases", LeaseCommand::new),
          new Entry("LOCK", "run a command while a lock is held", LockCommand::new),
          new Entry("STATUS", "print the state of a node", StatusCommand::new),
          new Entry("LIST", "list the members of the cluster", ListCommand::new),
          new Entry("PING", "see whether a server answers", PingCommand::new),
          new Entry("ADD", "add a node to the cluster, or found one", AddCommand::new),
          new Entry("REMOVE", "remove a node from the cluster", RemoveCommand::new),
          new Entry("TRANSFER", "hand leadership over", TransferCommand::new),
          new Entry("LEADER", "print who leads", LeaderCommand::new),
          new Entry("WATCH-LEADER", "print each change of leader", WatchLeaderCommand::new),
          new Entry("START", "start a node of this machine", StartCommand::new),
          new Entry("STOP", "stop a node of this machine", StopCommand::new),
          new Entry("BACKUP", "write what a node holds to a file", BackupCommand::new),
          new Entry("BENCH", "measure how fast the cluster is", BenchCommand::new),
          new Entry("DB", "look into a cluster.db, without a server", DbCommand::new),
          new Entry("HELP", "explain a command", HelpCommand::new));

  private Catalog() {}

  /**
   * A command.
   *
   * @param summary a line of help
   * @param maker makes one for a run
   */
  public record Entry(String name, String summary, Supplier<Command> maker) {}

  static List<Entry> entries() {
    return ENTRIES;
  }

  /** The command of that name, in any case. SET is the original's documented word for PUT. */
  public static Optional<Entry> find(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    String known = upper.equals("SET") ? "PUT" : upper;
    return ENTRIES.stream().filter(entry -> entry.name().equals(known)).findFirst();
  }

  public static String names() {
    return ENTRIES.stream().map(Entry::name).sorted().collect(Collectors.joining(", "));
  }
}
