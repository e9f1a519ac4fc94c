package org.rale.sim;

import org.rale.bytes.ByteWriter;
import org.rale.bytes.MalformedException;
import org.rale.raft.Message;
import org.rale.wire.Datagram;
import org.rale.wire.DatagramCodec;
import org.rale.wire.Identity;
import org.rale.wire.LinkCodec;
import org.rale.wire.PeerMessage;

/** What messages become on their way: bytes, and what the other side makes of them. */
final class Wire {
  private Wire() {}

  static Message asDatagram(Identity sender, int target, Message message) {
    ByteWriter bytes = new ByteWriter(DatagramCodec.MAX_BYTES);
    DatagramCodec.encode(
        new Datagram(sender, 1, target, 1, true, Datagram.Stamps.NONE, message), bytes);
    try {
      return DatagramCodec.decode(bytes.array(), 0, bytes.size()).message();
    } catch (MalformedException e) {
      throw new SimFailure("the datagram of " + message + " is not understood", e);
    }
  }

  static PeerMessage overLink(PeerMessage message) {
    ByteWriter bytes = new ByteWriter(256);
    LinkCodec.encode(message, bytes);
    try {
      return LinkCodec.decode(bytes.array(), 0, bytes.size());
    } catch (MalformedException e) {
      throw new SimFailure("the frame of " + message + " is not understood", e);
    }
  }
}
