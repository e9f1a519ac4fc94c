package org.rale.ralectrl.bench;

/** What a lane asks, and what becomes of the replies. Replies come in the order of the requests. */
interface Work {

  /** Adds one request to the lines; false where there is none any more. */
  boolean next(RequestLines lines);

  /**
   * @param nanos from just before the request was written to just after the reply was read
   */
  void replied(Reply reply, long nanos);

  /**
   * The connection is gone, and with it the replies to the requests under way: what became of them
   * is not known.
   */
  void lost(int requests, String why);

  /** Whether to go on trying when no server can be reached. */
  boolean outlastsOutage();
}
