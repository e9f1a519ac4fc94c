package org.rale.ralectrl.client;

import org.rale.request.Request;

/** What may be done when a request was sent and no answer came. */
enum Repeat {
  /** Changes nothing: any server may be asked. */
  FREELY,

  /** Carries a client id and a sequence, so that it is applied once however often it is sent. */
  AS_THE_SAME_CHANGE,

  /** Might be carried out twice, or undo what came in between. */
  NEVER;

  static Repeat of(Request request) {
    if (request instanceof Request.Change) {
      return AS_THE_SAME_CHANGE;
    }
    boolean changesTheCluster =
        request instanceof Request.Add
            || request instanceof Request.Remove
            || request instanceof Request.Transfer
            || request instanceof Request.Stop;
    return changesTheCluster ? NEVER : FREELY;
  }
}
