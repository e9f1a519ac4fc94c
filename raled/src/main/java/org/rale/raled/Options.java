package org.rale.raled;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. */
@Command(
    name = "raled",
    sortOptions = false,
    abbreviateSynopsis = true,
    description = "The RALE daemon: one node of a replicated key-value store.",
    footer = {
      "",
      "Without --config the first of these is read:",
      "  ~/.config/rale/raled.conf  /etc/rale/raled.conf  ./raled.conf",
      "",
      "Signals: TERM and INT stop it gracefully, QUIT or a second one at once;",
      "HUP reloads the configuration; USR1 logs the status, USR2 the health.",
      "",
      "Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage or configuration,",
      "3 cluster.db is damaged or not this node's."
    })
final class Options {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration file.")
  @Nullable Path config;

  @Option(
      names = {"-C", "--check"},
      description = "Check configuration, ports, socket and directories, change nothing, and exit.")
  boolean check;

  @Option(
      names = {"-v", "--verbose"},
      description = "Log at level debug, whatever the configuration says.")
  boolean verbose;

  @Option(
      names = {"-d", "--daemon"},
      description = "Run in the background; returns when the node is ready, or could not start.")
  boolean daemon;

  @Option(
      names = {"-f", "--foreground"},
      description = "Run in the foreground (the default).")
  boolean foreground;

  @Option(
      names = {"-p", "--pid-file"},
      paramLabel = "FILE",
      description = "Where the process id is written (default: /tmp/raled_<rale_port>.pid).")
  @Nullable Path pidFile;

  @Option(
      names = "--rejoin",
      description =
          "Come back where cluster.db is damaged, lost, or refused by the other members: asks them"
              + " to take this node out, throws its data away, and asks them to take it in again."
              + " Changes nothing where all is well.")
  boolean rejoin;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT[,...]",
      description =
          "With --rejoin: the members to ask, where cluster_members and cluster.db do not name"
              + " them.")
  @Nullable String server;

  @Option(
      names = "--restore",
      paramLabel = "BACKUP",
      description = {
        "Begin a new cluster of this node with what ralectrl BACKUP wrote, then start. The data"
            + " directory must have no cluster.db."
      })
  @Nullable Path restore;

  @Option(
      names = "--force-new-cluster",
      description = {
        "For a majority that is lost for good: begin a new cluster of this node alone with what its"
            + " cluster.db holds, then start. Says what may be lost, and asks."
      })
  boolean forceNewCluster;

  @Option(
      names = "--confirm",
      paramLabel = "CLUSTER_ID",
      description = "With --force-new-cluster: do not ask, if this is the id of the old cluster.")
  @Nullable String confirm;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version and exit.")
  boolean version;
}
