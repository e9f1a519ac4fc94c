package org.rale.raled;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.FileStorage;
import org.rale.clusterdb.NewCluster;
import org.rale.raft.Member;
import org.rale.raled.config.NodeConfig;
import org.rale.raled.rejoin.Rejoin;
import org.rale.wire.Identity;

/**
 * What {@code --restore} and {@code --force-new-cluster} do before the node starts: they give it a
 * cluster.db of a new cluster of one. Both are done once. Left in a unit file, neither is done
 * again: the first finds a file, the second one's confirmation names a cluster that is no more.
 */
final class FreshStart {
  private final NodeConfig config;
  private final @Nullable BufferedReader terminal;
  private final PrintStream err;

  /**
   * @param terminal where somebody can be asked; null where nobody sits
   */
  FreshStart(NodeConfig config, @Nullable BufferedReader terminal, PrintStream err) {
    this.config = config;
    this.terminal = terminal;
    this.err = err;
  }

  /** One of the two, with the directory held. */
  private interface Work {
    int carryOut(FileStorage storage) throws IOException, ClusterDbException;
  }

  /** Begins a cluster with a backup; returns one of {@link ExitCode}, OK: the node may start. */
  int restore(Path backup) {
    if (config.founders().stream().anyMatch(founder -> founder.id() != config.nodeId())) {
      return refused(
          "cluster_members lists other nodes, and a backup is restored by one node alone. Take"
              + " cluster_members out of the configuration, restore, and then ADD the others with"
              + " empty data directories.");
    }
    return with(
        storage -> {
          NewCluster.Source source = NewCluster.ofBackup(storage, backup);
          begin(storage, source, "backup " + backup);
          return ExitCode.OK;
        });
  }

  /**
   * Begins a cluster with what this node of a lost majority holds; returns one of {@link ExitCode},
   * OK: the node may start.
   *
   * @param confirm the id of the old cluster, from who accepts what may be lost; null: ask
   */
  int force(@Nullable String confirm) {
    return with(
        storage -> {
          NewCluster.Source source = NewCluster.ofLostMajority(storage, config.nodeId());
          String file = config.dataDirectory().resolve("cluster.db").toString();
          String old = NewCluster.hex(source.identity().clusterId());
          if (confirm == null && terminal == null) {
            tell(source, file);
            return refused(
                "--force-new-cluster needs a confirmation, and there is no terminal to ask on. Give"
                    + " --confirm "
                    + old
                    + " where what may be lost is accepted. Nothing was changed.");
          }
          if (confirm != null && !confirm.equalsIgnoreCase(old)) {
            return refused(
                "--confirm names cluster "
                    + confirm
                    + ", and "
                    + file
                    + " is of cluster "
                    + old
                    + ". Where the new cluster was forced before, start without"
                    + " --force-new-cluster. Nothing was changed.");
          }
          if (confirm == null && !ask(source, file).equalsIgnoreCase(old)) {
            return refused("that is not the id of the cluster. Nothing was changed.");
          }
          begin(storage, source, "cluster " + old);
          return ExitCode.OK;
        });
  }

  private int with(Work work) {
    try (FileStorage storage = FileStorage.open(config.dataDirectory())) {
      return work.carryOut(storage);
    } catch (ClusterDbException e) {
      say(RaleNode.words(e));
      return switch (e.kind()) {
        case REFUSED -> ExitCode.USAGE;
        case LOCKED -> ExitCode.FAILED;
        default -> ExitCode.BAD_DATA;
      };
    } catch (IOException e) {
      say(String.valueOf(e.getMessage()));
      return ExitCode.FAILED;
    }
  }

  private void begin(FileStorage storage, NewCluster.Source source, String origin)
      throws IOException {
    Member self =
        new Member(
            config.nodeId(),
            config.nodeName(),
            config.nodeIp(),
            config.ralePort(),
            config.dstorePort(),
            /* incarnation= */ 0,
            /* voter= */ true);
    Rejoin.forget(storage);
    Identity identity = NewCluster.write(storage, source, self, new SecureRandom());
    say(
        "node %d is cluster %s now, alone, with %d keys as of index %d of %s. ADD the other nodes,"
                .formatted(
                    config.nodeId(),
                    NewCluster.hex(identity.clusterId()),
                    source.table().size(),
                    source.index(),
                    origin)
            + " with empty data directories");
  }

  /** What the file holds, and what it can't know. */
  private void tell(NewCluster.Source source, String file) {
    say(file + " of node " + config.nodeId() + " holds:");
    say("  cluster     " + NewCluster.hex(source.identity().clusterId()));
    say(
        "  members     "
            + source.membership().members().stream()
                .map(FreshStart::words)
                .collect(Collectors.joining(", ")));
    say(
        "  last entry  index %d of term %d, and no key has a later revision; the highest term is %d"
            .formatted(source.index(), source.term(), source.currentTerm()));
    say("  table       %d keys".formatted(source.table().size()));
    if (!source.membership().isVoter(config.nodeId())) {
      say("Node " + config.nodeId() + " has no vote in it, and may lack more than one that has.");
    }
    say(
        "A new cluster of this node alone loses every change behind index "
            + source.index()
            + " that the other members acknowledged, for good. Look at the other files first"
            + " (ralectrl DB check FILE): the one with the highest last term, and among those the"
            + " highest index, loses the least. Entries at the end of this one that were never"
            + " acknowledged will count. The old members don't come back but with empty"
            + " directories, by ADD; stop those that still run.");
  }

  private static String words(Member member) {
    return String.format(
        Locale.ROOT,
        "%d:%s:%s:%d:%d%s",
        member.id(),
        member.name(),
        member.host().contains(":") ? "[" + member.host() + "]" : member.host(),
        member.ralePort(),
        member.dstorePort(),
        member.voter() ? "" : " (learner)");
  }

  private String ask(NewCluster.Source source, String file) throws IOException {
    tell(source, file);
    err.print("raled: Type the id of the cluster to go on, or anything else to leave it: ");
    err.flush();
    String line = terminal == null ? null : terminal.readLine();
    return line == null ? "" : line.strip();
  }

  private int refused(String sentence) {
    say(sentence);
    return ExitCode.USAGE;
  }

  private void say(String text) {
    err.println("raled: " + text);
  }
}
