package org.rale.replica;

import org.rale.raft.Refusal;

/** Something the membership desk does in several steps, for one request or of its own accord. */
interface Errand {
  /** The request behind it. */
  Operation operation();

  /** Whether it needs nothing more. */
  boolean isOver();

  /** Goes as far as it can now. Called often. */
  void advance();

  /** The change it asked for stands at this index. */
  void accepted(long index);

  /** The change, or hand-over, it asked for was refused. */
  void refused(Refusal refusal);

  /** The request's time is up: end it well. */
  void expire();

  /**
   * That node is to be removed: an errand that takes it in ends. A node whose disk is lost again on
   * its way in would keep all others from the desk for as long as its ADD may take.
   */
  default void removalAsked(int id) {}

  /** This node leads no more. */
  void leadershipLost();
}
