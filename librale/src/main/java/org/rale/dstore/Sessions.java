package org.rale.dstore;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The memory of which clients' changes were applied (S-15; dissertation 6.3), a part of the
 * replicated state like the table (S-14).
 *
 * <p>Its bounds make it forget the clients that were quiet longest, by log index. Of those only the
 * highest last use is kept: a retry that was first sent after that index can't be of a change that
 * was forgotten. Any other retry of an unknown client may be, and is not applied.
 */
final class Sessions {
  private final SessionBounds bounds;

  /**
   * By last use, the longest quiet first: a log index uses one session, so the order is total. To
   * look one up is to use it.
   */
  private final Map<ClientId, Session> byClient = new LinkedHashMap<>(16, 0.75f, true);

  private long epoch;
  private long forgottenThrough;

  /** In units, see {@link Session#units}. */
  private int outcomes;

  private long digest;
  private long liveBytes;

  Sessions(SessionBounds bounds) {
    this.bounds = bounds;
  }

  int size() {
    return byClient.size();
  }

  long forgottenThrough() {
    return forgottenThrough;
  }

  long digest() {
    return digest;
  }

  long liveBytes() {
    return liveBytes;
  }

  /** The session of the command that is about to be applied, null: there is none. */
  @Nullable Session of(Origin origin) {
    return byClient.get(ClientId.of(origin));
  }

  /** What a command gets without being applied; null when it is to be applied. */
  @Nullable Outcome recall(@Nullable Session session, Origin origin) {
    if (session != null) {
      return session.recall(origin);
    }
    boolean mayHaveBeenApplied = origin.retry() && forgottenThrough > origin.since();
    return mayHaveBeenApplied ? new Outcome.Forgotten() : null;
  }

  /** A command was recalled: its client, if it is known, was heard of at this index. */
  void touch(@Nullable Session session, long index, Origin origin) {
    if (session != null) {
      use(session, index, origin, null);
    }
  }

  /** A command was applied. */
  void remember(@Nullable Session known, long index, Origin origin, Outcome outcome) {
    Session session = known;
    if (session == null) {
      session = new Session(epoch, ClientId.of(origin), forgottenThrough, index, 0);
      add(session);
    }
    use(session, index, origin, outcome);
    makeRoom();
  }

  private void use(Session session, long index, Origin origin, @Nullable Outcome outcome) {
    discount(session);
    Session own = session;
    if (session.epoch() != epoch) {
      own = session.copy(epoch);
      byClient.put(own.client(), own);
    }
    own.use(index);
    if (outcome != null) {
      Outcome kept = outcome instanceof Outcome.Txn txn ? txn.withoutValues() : outcome;
      own.remember(origin.sequence(), kept, bounds.sessionOutcomes());
    }
    own.acknowledge(origin.acknowledged());
    count(own);
  }

  private void makeRoom() {
    while (byClient.size() > 1
        && (byClient.size() > bounds.sessions() || outcomes > bounds.outcomes())) {
      Iterator<Session> quietest = byClient.values().iterator();
      Session session = quietest.next();
      byClient.remove(session.client());
      discount(session);
      forgottenThrough = session.lastUsed();
    }
  }

  /** Puts in the session that was used last. */
  private void add(Session session) {
    byClient.put(session.client(), session);
    count(session);
  }

  private void count(Session session) {
    outcomes += session.units();
    digest += session.digest();
    liveBytes += session.liveBytes();
  }

  private void discount(Session session) {
    outcomes -= session.units();
    digest -= session.digest();
    liveBytes -= session.liveBytes();
  }

  /**
   * Sessions by last use, which are never changed again. It takes time by the number of clients.
   */
  Session[] freeze() {
    epoch++;
    return byClient.values().toArray(new Session[0]);
  }

  /** Loading: the first thing that is set. */
  void restoreForgotten(long through) {
    forgottenThrough = through;
  }

  /** Loading: a session of this epoch; false when the client has one, or there is no room. */
  boolean restore(Session session) {
    if (byClient.containsKey(session.client())
        || byClient.size() == bounds.sessions()
        || (!byClient.isEmpty() && session.units() > bounds.outcomes() - outcomes)) {
      return false;
    }
    add(session);
    return true;
  }
}
