package org.rale.wire;

import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.request.Request;
import org.rale.request.Response;

/** What travels over a link after the handshake. */
public sealed interface PeerMessage {

  record Raft(Message message) implements PeerMessage {}

  /**
   * A client's request that needs the leader.
   *
   * @param id the sender's number for it, never used twice by one process
   * @param connection of the client, a number of the sender's, so that the leader can tell the
   *     requests of one from those of others; a request without a connection has one of its own. 0:
   *     not told, as to nodes before {@link HandshakeCodec#CONNECTIONS_SINCE}
   * @param after of a change: the one before it on its connection that had no answer yet when this
   *     one began, by id. A leader that did not take that one does not take this one. 0: there is
   *     none; {@link #UNTOLD} to and of nodes before {@link HandshakeCodec#TURNS_SINCE}
   * @param timeoutMs how long the sender still waits
   */
  record Forward(long id, long connection, long after, int timeoutMs, Request request)
      implements PeerMessage {
    /** Not said behind which change this one stands. */
    public static final long UNTOLD = -1;
  }

  record ForwardReply(long id, Response response) implements PeerMessage {}

  /**
   * Instead of a {@link ForwardReply}: the node lost sight of the request, which may have happened
   * or may happen yet. A change may be sent to the next leader under the same client id and
   * sequence (S-15).
   */
  record ForwardLost(long id) implements PeerMessage {}

  /**
   * The membership that is in force at an index which the sender knows to be committed, so a fact.
   * A member that was away may not know it yet, and would refuse those who came meanwhile (S-06).
   */
  record Members(long index, long term, Membership membership) implements PeerMessage {}

  /** The sender's table had this hash when it had applied up to the index (S-19). */
  record StateDigest(long index, long hash) implements PeerMessage {}

  /**
   * The dialler's first word, where it does not accept who welcomed it: the link is closed after
   * this, and the other side knows why.
   *
   * @param reason a whole sentence that says what to do
   */
  record Parting(Handshake.Refusal refusal, String reason) implements PeerMessage {}

  /** Keeps an idle link alive, and is answered by the same. */
  record KeepAlive(boolean answer) implements PeerMessage {}
}
