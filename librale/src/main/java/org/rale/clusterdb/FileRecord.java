package org.rale.clusterdb;

import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.SnapshotMeta;

/** A frame of the file, decoded. */
public sealed interface FileRecord {
  /** Where it begins in the file. */
  long offset();

  /** The number of its batch, from 1. */
  long batch();

  /** The place of the snapshot; the first record of a file. */
  record Snapshot(long offset, long batch, SnapshotMeta meta) implements FileRecord {}

  /** A piece of the snapshot's table, of so many bytes. */
  record Piece(long offset, long batch, int bytes) implements FileRecord {}

  record TermAndVote(long offset, long batch, HardState hardState) implements FileRecord {}

  /** An entry; where its index is not behind that of the one before, it replaces what is there. */
  record LogEntry(long offset, long batch, Entry entry) implements FileRecord {}

  /**
   * The records of this batch that came before count for nothing: a daemon was writing it just now,
   * and it follows from its first record on.
   */
  record Again(long offset, long batch) implements FileRecord {}
}
