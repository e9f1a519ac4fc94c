package org.rale.clusterdb;

/**
 * The node must not start with this file. Three sentences, as PostgreSQL words them: the message
 * says what is wrong and with which file, the detail what was seen and expected, the hint what to
 * do. A disk that fails is a plain {@link java.io.IOException} instead.
 */
public final class ClusterDbException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Kind {
    /** What was durable once is no longer readable (S-05). */
    DAMAGED,
    /** It never was a cluster.db. Only {@link ClusterDbFile} says so: to a start it is damage. */
    NOT_OURS,
    /** It is the file of another node. */
    FOREIGN,
    /** It is a backup: no node's file, but what a new cluster may begin with. */
    BACKUP,
    /** The file is well, and what was asked for is not to be done with it. */
    REFUSED,
    /** A newer release wrote it. */
    NEWER_VERSION,
    /** Another process uses the data directory. */
    LOCKED
  }

  private final Kind kind;
  private final String file;
  private final String detail;
  private final String hint;
  private final long offset;

  private ClusterDbException(
      Kind kind, String file, String message, String detail, String hint, long offset) {
    super(message);
    this.kind = kind;
    this.file = file;
    this.detail = detail;
    this.hint = hint;
    this.offset = offset;
  }

  /**
   * @param nodeId 0: not known
   */
  static ClusterDbException damaged(String file, int nodeId, long offset, String detail) {
    return new ClusterDbException(
        Kind.DAMAGED,
        file,
        "file \"" + file + "\" is damaged at byte " + offset,
        detail,
        "If the cluster has other members, they hold the data, and raled --config FILE --rejoin"
            + " brings the node back; by hand, REMOVE "
            + (nodeId == 0 ? "the node" : "node " + nodeId)
            + ", empty its data directory and ADD it again. Never put an older"
            + " copy of the file back while the others live: it may have forgotten a vote.",
        offset);
  }

  static ClusterDbException notOurs(String file) {
    return new ClusterDbException(
        Kind.NOT_OURS,
        file,
        "file \"" + file + "\" is not a cluster.db",
        "It does not begin as a cluster.db does: \"RALEDB\" was expected.",
        "Give the path of cluster.db in a node's data directory, or of what ralectrl BACKUP wrote."
            + " If this is one, its first page is lost, and raled refuses it as damaged.",
        -1);
  }

  static ClusterDbException foreign(String file, int owner, int nodeId) {
    return new ClusterDbException(
        Kind.FOREIGN,
        file,
        "file \"" + file + "\" belongs to node " + owner + ", not to node " + nodeId,
        "A file holds the votes of one node, and is never shared or copied to another one.",
        "Correct node_id or the path in the configuration; for a new node, name an empty"
            + " directory.",
        -1);
  }

  static ClusterDbException backup(String file) {
    return new ClusterDbException(
        Kind.BACKUP,
        file,
        "file \"" + file + "\" is a backup, not the cluster.db of a node",
        "A backup holds the table of a cluster and the votes of nobody, so no node can go on with"
            + " it.",
        "Move it out of the data directory. Where the cluster has other members, raled --rejoin"
            + " --server HOST:PORT brings the node back; where it is lost, raled --restore BACKUP"
            + " starts a new one.",
        -1);
  }

  /** The same of a file that is a backup. */
  ClusterDbException ofBackup() {
    return new ClusterDbException(
        kind,
        file,
        String.valueOf(getMessage()),
        detail,
        "It is a backup: use another one, or make a new one with ralectrl BACKUP.",
        offset);
  }

  static ClusterDbException refused(String file, String message, String detail, String hint) {
    return new ClusterDbException(Kind.REFUSED, file, message, detail, hint, -1);
  }

  static ClusterDbException newerVersion(String file, int version) {
    return new ClusterDbException(
        Kind.NEWER_VERSION,
        file,
        "file \"" + file + "\" has format version " + Integer.toUnsignedString(version),
        "This release reads versions 1 to " + Layout.FORMAT_VERSION + ".",
        "Start the release that wrote the file, or a later one.",
        -1);
  }

  static ClusterDbException locked(String directory, String lockFile, String owner) {
    return new ClusterDbException(
        Kind.LOCKED,
        lockFile,
        "data directory \"" + directory + "\" is in use",
        "File \"" + lockFile + "\" is locked by " + owner + ".",
        "Stop the other raled, or give this one a path of its own. The lock ends with the process"
            + " that holds it; deleting the file does not help.",
        -1);
  }

  public Kind kind() {
    return kind;
  }

  /** The path of the file that it is about. */
  public String file() {
    return file;
  }

  public String detail() {
    return detail;
  }

  public String hint() {
    return hint;
  }

  /** The first byte that is wrong; -1 where it is not about bytes. */
  public long offset() {
    return offset;
  }
}
