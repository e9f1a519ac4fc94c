package org.rale.clusterdb;

import org.rale.raft.Entry;
import org.rale.wire.EntryCodec;

/** The numbers of the format; docs/CLUSTER_DB.md draws them. All integers are big-endian. */
final class Layout {
  static final String FILE = "cluster.db";

  /** The file while it is rewritten. Whatever bears this name at a start is a left-over. */
  static final String NEW_FILE = "cluster.db.new";

  /**
   * The format of new files. Files of every version from 1 on are read, and appended to in their
   * own version until they are rewritten. From version 3 on commands and tables may be of format 2
   * ({@link org.rale.dstore.StoreCodec#FORMAT}); those have version bytes of their own, by which a
   * program that does not know them refuses them in an older file, too.
   */
  static final int FORMAT_VERSION = 3;

  /** From this version on an end mark says up to where the log is committed. */
  static final int COMMIT_SINCE_VERSION = 2;

  /**
   * The header has a page of its own: a file system writes whole pages, and no later write may
   * touch the one that says whose file this is.
   */
  static final int HEADER_BYTES = 4096;

  /** Frames begin at multiples of this, so a search for one need not look at every byte. */
  static final int ALIGNMENT = 8;

  static final int FRAME_HEADER_BYTES = 20;

  /** The longest content of a frame (S-17): twice the largest entry, about. */
  static final int MAX_CONTENT_BYTES = 2 << 20;

  /** A term and vote, or an end mark, is not longer. */
  private static final int SMALL_CONTENT_BYTES = 16;

  /** Wanted size of a snapshot frame; the table rounds up to whole keys. */
  static final int PIECE_BYTES = 128 << 10;

  /**
   * The file grows by an eighth of itself, within these bounds. A sync that changes no size takes
   * about half the time (docs/PERFORMANCE.md), but an idle node shall not take megabytes.
   */
  static final int MIN_GROWTH_BYTES = 64 << 10;

  static final int MAX_GROWTH_BYTES = 1 << 20;

  static {
    if (MAX_CONTENT_BYTES < EntryCodec.MAX_ENTRY_BYTES + PIECE_BYTES) {
      throw new IllegalStateException("an entry does not fit into a frame");
    }
  }

  private Layout() {}

  /** The whole length of a frame in the file. */
  static long frameBytes(int contentBytes) {
    return align((long) FRAME_HEADER_BYTES + contentBytes);
  }

  /** A batch takes so many bytes of the file at most. */
  static long boundOf(Batch batch) {
    long bytes = 2 * frameBytes(SMALL_CONTENT_BYTES); // term and vote, and the end mark
    for (Entry entry : batch.entries()) {
      bytes += align(FRAME_HEADER_BYTES + EntryCodec.boundOf(entry));
    }
    return bytes;
  }

  static long align(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** The size to grow to when the content ends here. */
  static long grownSize(long end) {
    long step = Math.min(MAX_GROWTH_BYTES, Math.max(MIN_GROWTH_BYTES, end / 8));
    return (end + step) & -HEADER_BYTES;
  }
}
