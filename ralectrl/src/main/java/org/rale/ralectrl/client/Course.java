package org.rale.ralectrl.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.StoreCommand;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/** What was tried for one request, and so what can be said when all of it failed. */
final class Course {
  private final Request request;
  private final String timeout;
  private final List<String> notes = new ArrayList<>();
  private boolean unsettled;
  private boolean timedOut;
  private @Nullable Answer refusal;

  /**
   * @param timeout how long the user wants to wait, in words
   */
  Course(Request request, String timeout) {
    this.request = request;
    this.timeout = timeout;
  }

  /** The server never got the request. */
  void unreached(Target target, String reason, boolean late) {
    notes.add(target + ": " + reason);
    timedOut |= late;
  }

  /** The server may have got the request, and gave no answer. */
  void unanswered(Target target, String reason, boolean late) {
    notes.add(target + ": " + reason);
    timedOut |= late;
    unsettled |= Repeat.of(request) != Repeat.FREELY;
  }

  /** The server answered, but another one may know better. */
  void refused(Target target, Answer answer) {
    Response.Failed failed = (Response.Failed) answer.response();
    notes.add(target + ": " + failed.text());
    refusal = answer;
    unsettled |= failed.code() == ErrorCode.UNKNOWN_OUTCOME;
  }

  /**
   * What an answer settles: after a first attempt whose end is not known, a failure of the second
   * speaks only of the second. What the table says of a change is its outcome, and counts for both.
   */
  boolean isSettledBy(Answer answer) {
    return !unsettled
        || !(answer.response() instanceof Response.Failed failed)
        || failed.code() == ErrorCode.REVISION_MISMATCH
        || failed.code() == ErrorCode.LEASE_NOT_FOUND
        || failed.code() == ErrorCode.LEASE_LIMIT;
  }

  /** The failure for all that happened. */
  Failure failure() {
    if (unsettled) {
      return unknown();
    }
    if (refusal != null) {
      return replied(refusal, notes.size() > 1 ? notes : List.of());
    }
    if (timedOut) {
      return Failure.of(
          ExitCode.UNAVAILABLE,
          ErrorCode.TIMEOUT,
          "no answer within " + timeout,
          notes,
          "Give it more time with --timeout, or name another server with --server.");
    }
    return Failure.of(
        ExitCode.UNAVAILABLE,
        ErrorCode.NODE_UNREACHABLE,
        "no server could be reached",
        notes,
        "Check that raled runs there, or name another server with --server, --socket or"
            + " --config.");
  }

  private Failure unknown() {
    return Failure.of(
        ExitCode.UNKNOWN_OUTCOME,
        ErrorCode.UNKNOWN_OUTCOME,
        "outcome unknown: the request was sent, and may or may not have been carried out",
        notes,
        whatToCheck());
  }

  private String whatToCheck() {
    if (request instanceof Request.Add || request instanceof Request.Remove) {
      return "See with LIST whether the node is a member before you repeat it.";
    }
    if (request instanceof Request.Transfer) {
      return "See with LIST who leads before you repeat it.";
    }
    if (request instanceof Request.Stop) {
      return "See with PING whether the node still answers.";
    }
    if (request instanceof Request.Change change
        && change.command() instanceof StoreCommand.LeaseGrant) {
      return "Ask for another lease: this one, if there is one, ends when its time is over.";
    }
    if (request instanceof Request.Change change
        && change.command() instanceof StoreCommand.LeaseRevoke) {
      return "See with LEASE list whether it is still there.";
    }
    return request instanceof Request.Change change && change.command() instanceof StoreCommand.Txn
        ? "Read its keys with GET before you write again."
        : "Read the key with GET before you write again.";
  }

  /** A server's failure, with what other servers said. */
  static Failure replied(Answer answer, List<String> notes) {
    Response.Failed failed = (Response.Failed) answer.response();
    List<String> details = new ArrayList<>();
    if (failed.detail() != null) {
      details.add(failed.detail());
    }
    details.addAll(notes);
    return Failure.replied(failed.code(), failed.message(), details, failed.hint(), answer.json());
  }
}
