package org.rale.sim;

/** What may go wrong without anybody wanting it. */
enum Fault {
  /** A process is killed; what it wrote is there. */
  KILL,
  /** One machine loses its power, and with it what was not synced. */
  POWER_LOSS,
  /** All machines do. */
  ROOM_POWER_LOSS,
  /** Power goes while a start reads and mends the file. */
  CRASH_IN_RECOVERY,
  /** A process stands still, for longer than anybody's patience. */
  STOP,
  /** A process stands still for a moment. */
  HICCUP,
  /** The leader is killed, cut off or stopped. */
  LEADER,
  /** One node is cut off, in one direction or both. */
  ISOLATE,
  /** Two groups that don't hear each other. */
  HALVE,
  /** One way is closed in one direction. */
  CUT,
  /** Datagrams get lost on one way in one direction; links live. */
  CUT_DATAGRAMS,
  /** Links stand still on one way; datagrams pass. */
  CUT_LINKS,
  /** A link breaks and may be made again at once. */
  RESET,
  /** A way comes and goes. */
  FLAP,
  /** A sync takes longer than an election, and comes back. */
  STUCK_SYNC,
  /** A write, a sync or another call of the disk fails, once. */
  DISK_ERROR,
  /** A disk is full, and freed some time later. */
  DISK_FULL,
  /** A byte of a file changes on its own. */
  ROT
}
