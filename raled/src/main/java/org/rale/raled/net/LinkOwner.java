package org.rale.raled.net;

import org.rale.wire.Handshake;
import org.rale.wire.PeerMessage;

/**
 * What a {@link LinkHandler} tells. Called on the channel's event loop; for a dialled link that is
 * home, so what the owner does there is done before the next message is read.
 */
interface LinkOwner {

  /** A node dialled. The owner answers, now or later, with {@code stand} or {@code refuse}. */
  void greeted(LinkHandler handler, Handshake.Hello hello);

  /** The dialled node answered, with Welcome or Refused. */
  void answered(LinkHandler handler, Handshake answer);

  /** The dialled node was reached, and no handshake came of it. Called once, or not at all. */
  void notAnswered(LinkHandler handler, String reason);

  /** The other side speaks another version of the protocol; the sentence says so. */
  void otherVersion(LinkHandler handler, String sentence);

  /** The dialler does not accept this node; its link is closed. */
  void parted(Link link, PeerMessage.Parting parting);

  void received(Link link, PeerMessage message);
}
