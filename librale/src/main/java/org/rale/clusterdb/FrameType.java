package org.rale.clusterdb;

import org.jspecify.annotations.Nullable;

/** What a frame holds. Codes are never used again for something else. */
enum FrameType {
  /** Index, term and membership of the snapshot; the first frame of a file. */
  SNAPSHOT_META(1),
  /** A piece of the table. */
  SNAPSHOT_PIECE(2),
  /** Term and vote. */
  HARD_STATE(3),
  /** One log entry. */
  ENTRY(4),
  /** The batch is whole: its count of frames and a checksum over their headers. */
  END(5);

  private static final FrameType[] BY_CODE = {
    null, SNAPSHOT_META, SNAPSHOT_PIECE, HARD_STATE, ENTRY, END
  };

  final int code;

  FrameType(int code) {
    this.code = code;
  }

  static @Nullable FrameType of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
