package org.rale.clusterdb;

import org.rale.bytes.ByteReader;
import org.rale.bytes.MalformedException;

/** Takes the frames of a file in their order, batch by batch. */
interface FrameSink {

  /**
   * A good frame of the batch that is being read. End marks are none: {@link #endOfBatch} is.
   *
   * @param position where it begins in the file
   */
  void frame(FrameType type, ByteReader content, long position) throws MalformedException;

  /**
   * The batch is whole: before this, nothing of it counts.
   *
   * @param commit up to where the log is committed for certain; 0 where the file does not say
   */
  void endOfBatch(long commit) throws MalformedException;

  /** The batch that was begun is read again from its first frame. It is not the first one. */
  void dropBatch();
}
