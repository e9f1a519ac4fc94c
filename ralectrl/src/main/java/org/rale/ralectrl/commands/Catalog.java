package org.rale.ralectrl.commands;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** All commands. Only the one that is asked for is ever made, but for help. */
public final class Catalog {
  /** In the order of help. */
  static final List<String> NAMES =
      List.of(
          "PUT",
          "GET",
          "CAS",
          "DELETE",
          "KEYS",
          "WATCH",
          "WAIT",
          "TXN",
          "LEASE",
          "LOCK",
          "STATUS",
          "LIST",
          "PING",
          "ADD",
          "REMOVE",
          "TRANSFER",
          "LEADER",
          "WATCH-LEADER",
          "START",
          "STOP",
          "BACKUP",
          "BENCH",
          "DB",
          "HELP");

  private Catalog() {}

  /**
   * The command of that name, in any case; null where there is none. SET is the original's
   * documented word for PUT.
   */
  // No list of method references: each takes time to be made, and one is needed.
  public static @Nullable Command find(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "PUT", "SET" -> new PutCommand();
      case "GET" -> new GetCommand();
      case "CAS" -> new CasCommand();
      case "DELETE" -> new DeleteCommand();
      case "KEYS" -> new KeysCommand();
      case "WATCH" -> new WatchCommand();
      case "WAIT" -> new WaitCommand();
      case "TXN" -> new TxnCommand();
      case "LEASE" -> new LeaseCommand();
      case "LOCK" -> new LockCommand();
      case "STATUS" -> new StatusCommand();
      case "LIST" -> new ListCommand();
      case "PING" -> new PingCommand();
      case "ADD" -> new AddCommand();
      case "REMOVE" -> new RemoveCommand();
      case "TRANSFER" -> new TransferCommand();
      case "LEADER" -> new LeaderCommand();
      case "WATCH-LEADER" -> new WatchLeaderCommand();
      case "START" -> new StartCommand();
      case "STOP" -> new StopCommand();
      case "BACKUP" -> new BackupCommand();
      case "BENCH" -> new BenchCommand();
      case "DB" -> new DbCommand();
      case "HELP" -> new HelpCommand();
      default -> null;
    };
  }

  /** All names in the order of the alphabet. */
  public static String names() {
    return String.join(", ", NAMES.stream().sorted().toList());
  }
}
