package org.rale.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.Item;
import org.rale.dstore.KeyChange;
import org.rale.raft.RaftStatus;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * What a WATCH tells is all that was committed between the revision that it was asked from and the
 * one that it tells to go on from, in order and once each. A WAIT ends with what the key was at a
 * moment after it was asked, and what the key is when it ends for lack of time is what it was.
 */
final class Watches {
  private record Told(Request request, long appliedBefore, Response response) {}

  private static final Comparator<KeyChange> ORDER =
      Comparator.comparingLong(KeyChange::revision).thenComparing(KeyChange::key);

  private final Reference reference;
  private final Coverage coverage;

  /** In the turn that runs. */
  private final List<Told> told = new ArrayList<>();

  Watches(Reference reference, Coverage coverage) {
    this.reference = reference;
    this.coverage = coverage;
  }

  void answered(Request request, long appliedBefore, Response response) {
    if (request instanceof Request.Watch || request instanceof Request.Wait) {
      told.add(new Told(request, appliedBefore, response));
    }
  }

  /** The turn is over, in which the node may have applied more. */
  void look(Life life, RaftStatus before, RaftStatus status) {
    for (Told each : told) {
      String wrong =
          each.request() instanceof Request.Watch watch
              ? wrong(watch, each, status.appliedIndex())
              : wrong((Request.Wait) each.request(), each, before, status);
      if (wrong != null) {
        throw new SimFailure(
            "node "
                + life.id()
                + ", which has applied up to "
                + status.appliedIndex()
                + ", answers "
                + each.request()
                + " with "
                + each.response()
                + ": "
                + wrong);
      }
    }
    told.clear();
  }

  private @Nullable String wrong(Request.Watch watch, Told each, long applied) {
    if (!(each.response() instanceof Response.Events events)) {
      return each.response() instanceof Response.Failed failed
              && failed.code() == ErrorCode.REVISION_TOO_OLD
          ? wrong(watch, failed, applied)
          : null;
    }
    long from = watch.from() < 0 ? events.revision() : watch.from();
    if (events.revision() < (watch.from() < 0 ? each.appliedBefore() : from)) {
      return "the revision goes back";
    }
    if (events.revision() > Math.max(applied, from)) {
      return "that is ahead of the node";
    }
    List<KeyChange> right = reference.changes(watch.prefix(), from, events.revision());
    List<KeyChange> sorted = new ArrayList<>(events.changes());
    sorted.sort(ORDER);
    right.sort(ORDER);
    if (!sorted.equals(right)) {
      return "there were " + right;
    }
    for (int i = 1; i < sorted.size(); i++) {
      if (events.changes().get(i).revision() < events.changes().get(i - 1).revision()) {
        return "they are not in order";
      }
    }
    events.changes().forEach(change -> coverage.saw(Seen.WATCHED));
    if (right.stream().mapToLong(KeyChange::revision).distinct().count() > 1) {
      coverage.saw(Seen.WATCHED_SEVERAL);
    }
    return null;
  }

  /** Nobody is ever ahead of the cluster here, so it must be the node that has forgotten. */
  private @Nullable String wrong(Request.Watch watch, Response.Failed tooOld, long applied) {
    if (watch.from() < 0) {
      return "it asked for no revision";
    }
    coverage.saw(Seen.WATCH_TOO_OLD);
    return tooOld.revision() > watch.from() && tooOld.revision() <= applied
        ? null
        : "that is remembered, or was not reached";
  }

  private @Nullable String wrong(
      Request.Wait wait, Told each, RaftStatus before, RaftStatus status) {
    long applied = status.appliedIndex();
    if (each.response() instanceof Response.Value value) {
      coverage.saw(Seen.AWAITED);
      Item item =
          new Item(value.value(), value.revision(), value.createdRevision(), value.version());
      long since = Math.max(each.appliedBefore(), value.revision());
      return value.revision() > wait.revision()
              && value.revision() <= applied
              && item.equals(reference.at(wait.key(), since))
          ? null
          : "at " + since + " it was " + reference.at(wait.key(), since);
    }
    if (!(each.response() instanceof Response.Failed failed)) {
      return "that is no answer";
    }
    if (failed.code() == ErrorCode.REVISION_TOO_OLD) {
      return "nobody is ahead of the cluster";
    }
    if (failed.code() == ErrorCode.KEY_NOT_FOUND) {
      return wait.revision() > 0 && was(wait, null, each.appliedBefore(), applied)
          ? null
          : "it was there all the time";
    }
    boolean inVain =
        failed.message().startsWith("there is no key ")
            || failed.message().contains(" has not changed since revision ");
    if (inVain) {
      coverage.saw(Seen.AWAITED_IN_VAIN);
    }
    return inVain && !idle(wait, before.appliedIndex(), applied)
        ? "it was " + reference.at(wait.key(), applied)
        : null;
  }

  private boolean was(Request.Wait wait, @Nullable Item item, long from, long to) {
    for (long index = from; index <= to; index++) {
      if (Objects.equals(reference.at(wait.key(), index), item)) {
        return true;
      }
    }
    return false;
  }

  /** Whether there was nothing to tell at some moment of the turn. */
  private boolean idle(Request.Wait wait, long from, long to) {
    for (long index = from; index <= to; index++) {
      Item item = reference.at(wait.key(), index);
      if (item == null ? wait.revision() == 0 : item.revision() <= wait.revision()) {
        return true;
      }
    }
    return false;
  }
}
