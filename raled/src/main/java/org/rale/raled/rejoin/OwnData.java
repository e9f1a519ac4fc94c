package org.rale.raled.rejoin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.ClusterDbFile;
import org.rale.clusterdb.FileStorage;
import org.rale.clusterdb.Survey;
import org.rale.raft.Membership;
import org.rale.wire.Identity;

/**
 * What is left of this node's cluster.db.
 *
 * @param identity null where not even the header is readable
 * @param membership the last one that is readable; without members where none is
 * @param fault what is wrong with the file; null where a start would open it
 */
record OwnData(
    State state, @Nullable Identity identity, Membership membership, @Nullable String fault) {
  static final String FILE = "cluster.db";

  enum State {
    /** There is none. */
    MISSING,
    /** A start would open it. */
    WHOLE,
    DAMAGED,
    /** Another node's, or of a newer release: the start refuses it, and so it stays. */
    NOT_OURS
  }

  /** Reads the file, whose directory is held by this process. */
  static OwnData read(FileStorage storage, Path directory, int nodeId)
      throws IOException, RejoinException {
    if (!storage.exists(FILE)) {
      return new OwnData(State.MISSING, null, Membership.NONE, null);
    }
    try (ClusterDbFile file = ClusterDbFile.open(directory.resolve(FILE))) {
      if (file.identity().nodeId() != nodeId) {
        return new OwnData(State.NOT_OURS, null, Membership.NONE, null);
      }
      Survey survey = file.survey(/* applyLog= */ true);
      Survey.Held held = survey.held();
      ClusterDbException damage = survey.damage();
      return new OwnData(
          damage == null ? State.WHOLE : State.DAMAGED,
          file.identity(),
          held == null ? Membership.NONE : held.membership(),
          damage == null ? null : damage.getMessage());
    } catch (ClusterDbException e) {
      return unreadable(e);
    }
  }

  private static OwnData unreadable(ClusterDbException e) throws RejoinException {
    return switch (e.kind()) {
      case DAMAGED -> new OwnData(State.DAMAGED, null, Membership.NONE, e.getMessage());
      case NOT_OURS ->
          // Somebody else's file, or one whose first page is lost: who looks can tell, we can't.
          throw new RejoinException(
              RejoinException.Kind.WRONG,
              e.getMessage()
                  + ", and is not thrown away. If this is the node's data directory, delete the"
                  + " file and start raled with --rejoin again");
      case FOREIGN, BACKUP, REFUSED, NEWER_VERSION, LOCKED ->
          new OwnData(State.NOT_OURS, null, Membership.NONE, e.getMessage());
    };
  }

  boolean isWhole() {
    return state == State.WHOLE;
  }

  boolean inCluster() {
    return clusterId() != 0;
  }

  /** 0: in none, or not known. */
  long clusterId() {
    return identity == null ? 0 : identity.clusterId();
  }

  Optional<Long> incarnation() {
    return Optional.ofNullable(identity).map(Identity::incarnation);
  }
}
