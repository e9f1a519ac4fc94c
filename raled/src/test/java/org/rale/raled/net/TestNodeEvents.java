package org.rale.raled.net;

import org.rale.PeerEvents;
import org.rale.wire.Handshake.Refused;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/** For tests that ask nothing of the links. */
final class TestNodeEvents implements PeerEvents {
  @Override
  public boolean received(Identity sender, PeerMessage message) {
    return true;
  }

  @Override
  public void linkUp(Identity peer, int priority, int version) {}

  @Override
  public void linkDown(int nodeId) {}

  @Override
  public void linkBroke(int nodeId) {}

  @Override
  public void pathChanged(int nodeId) {}

  @Override
  public void forwardDropped(int nodeId, long id) {}

  @Override
  public void linkFailed(int nodeId, String reason) {}

  @Override
  public void linkRefused(int nodeId, Refused refused) {}
}
