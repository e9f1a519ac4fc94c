package org.rale.clusterdb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.DStore;
import org.rale.dstore.ImagePieces;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.Identity;

/**
 * A new cluster of one, begun with the table of an old one: with a backup, or with the file of a
 * node whose majority is lost. The node must not run; whoever calls this holds its directory.
 *
 * <p>The new file is one snapshot as of the last entry, so every entry of the old log counts as
 * committed: one of them may have been acknowledged. Its cluster id and incarnation are new, so the
 * members of the old cluster are strangers to it (S-06). Indexes go on, in a higher term, so
 * revisions keep rising. It is one {@link Rewrite}: a crash leaves the old file or the new one.
 */
public final class NewCluster {
  private static final long STEP_BYTES = 1 << 20;

  /**
   * What the new cluster begins with.
   *
   * @param identity of the file: the old cluster's id, and the node, which is 0 for a backup
   * @param index of the last entry, whose term is {@code term}
   * @param currentTerm the highest term that the file knows of
   * @param membership the last one in the file
   * @param table as of {@code index}
   */
  public record Source(
      Identity identity,
      long index,
      long term,
      long currentTerm,
      Membership membership,
      DStore table) {}

  private NewCluster() {}

  /**
   * Reads the node's own file, and changes nothing.
   *
   * @throws ClusterDbException when there is none, when it is damaged, another node's, in no
   *     cluster, or when the node has a majority by itself
   */
  public static Source ofLostMajority(Storage storage, int nodeId)
      throws IOException, ClusterDbException {
    String name = storage.describe(Layout.FILE);
    if (!storage.exists(Layout.FILE)) {
      throw ClusterDbException.refused(
          name,
          "there is no file \"" + name + "\"",
          "A new cluster is forced of what a node of the old one holds.",
          "Name the data directory of a node that was in the cluster, or restore a backup with"
              + " --restore.");
    }
    Source source;
    try (ClusterDbFile file = ClusterDbFile.open(storage.open(Layout.FILE, false), name)) {
      if (file.isBackup()) {
        throw ClusterDbException.backup(name);
      }
      int owner = file.identity().nodeId();
      if (owner != nodeId) {
        throw ClusterDbException.foreign(name, owner, nodeId);
      }
      source = read(file);
    }
    if (!source.identity().inCluster()) {
      throw ClusterDbException.refused(
          name,
          "file \"" + name + "\" is of no cluster",
          "Node " + nodeId + " never entered one, so there is no majority that it could miss.",
          "Start it without --force-new-cluster.");
    }
    if (source.membership().voters().equals(List.of(nodeId))) {
      throw ClusterDbException.refused(
          name,
          "node " + nodeId + " is the only voting member of its cluster",
          "It is a majority by itself, in cluster " + hex(source.identity().clusterId()) + ".",
          "Start it without --force-new-cluster; where that was done before, take the option out.");
    }
    return source;
  }

  /**
   * Reads a backup for a node whose directory has no file yet.
   *
   * @throws ClusterDbException when there is one, or when the backup is damaged or none
   */
  public static Source ofBackup(Storage storage, Path path) throws IOException, ClusterDbException {
    String name = storage.describe(Layout.FILE);
    if (storage.exists(Layout.FILE)) {
      throw ClusterDbException.refused(
          name,
          "there is a file \"" + name + "\" already",
          "A backup is restored where there is nothing yet, and nothing is overwritten.",
          "Where the backup was restored before, start without --restore. Else name an empty"
              + " directory, or move the file away.");
    }
    try (ClusterDbFile file = ClusterDbFile.open(path)) {
      if (!file.isBackup()) {
        throw ClusterDbException.refused(
            path.toString(),
            "file \""
                + path
                + "\" is no backup, but the cluster.db of node "
                + file.identity().nodeId(),
            "What BACKUP writes is committed as a whole; the file of a node need not be.",
            "Use a file that ralectrl BACKUP wrote. Where the nodes are lost but for this file, put"
                + " it into its node's data directory and use --force-new-cluster.");
      }
      return read(file);
    }
  }

  private static Source read(ClusterDbFile file) throws IOException, ClusterDbException {
    Survey survey = file.survey(/* applyLog= */ true);
    @Nullable ClusterDbException damage = survey.damage();
    if (damage != null) {
      throw damage;
    }
    Survey.Held held = survey.held();
    if (held == null) {
      throw new IllegalStateException("a sound file without a snapshot");
    }
    List<Entry> log = held.entries();
    return new Source(
        file.identity(),
        held.lastIndex(),
        log.isEmpty() ? held.snapshot().term() : log.get(log.size() - 1).term(),
        held.hardState().term(),
        held.membership(),
        held.table());
  }

  /**
   * Writes the new cluster.db, durably, in the place of the old one where there is one.
   *
   * @param self the one member, as the configuration has it; its incarnation is drawn here
   * @param random draws the ids, and the salt
   * @return who the node is from now on
   */
  public static Identity write(Storage storage, Source source, Member self, RandomGenerator random)
      throws IOException {
    Identity identity =
        new Identity(
            drawOtherThan(source.identity().clusterId(), random),
            self.id(),
            drawOtherThan(source.identity().incarnation(), random));
    Member member =
        new Member(
            self.id(),
            self.name(),
            self.host(),
            self.ralePort(),
            self.dstorePort(),
            identity.incarnation(),
            /* voter= */ true);
    Rewrite rewrite = Rewrite.begin(storage, identity, random.nextLong());
    rewrite.beginSnapshot(
        new SnapshotMeta(source.index(), source.term(), new Membership(List.of(member))),
        new HardState(Math.max(source.term(), source.currentTerm()) + 1, 0));
    ImagePieces pieces = source.table().freeze().image(Layout.PIECE_BYTES);
    while (!rewrite.writePieces(pieces, STEP_BYTES)) {
      rewrite.syncSometimes();
    }
    rewrite.seal().file().close();
    return identity;
  }

  private static long drawOtherThan(long old, RandomGenerator random) {
    long drawn = random.nextLong();
    while (drawn == 0 || drawn == old) {
      drawn = random.nextLong();
    }
    return drawn;
  }

  /** As STATUS and the logs show cluster ids. */
  public static String hex(long id) {
    return String.format(Locale.ROOT, "%016x", id);
  }
}
