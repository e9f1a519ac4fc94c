package org.rale.raled.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.rale.bytes.ByteWriter;
import org.rale.wire.Handshake;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.Identity;
import org.rale.wire.LinkCodec;
import org.rale.wire.PeerMessage;

/** A node made by hand that dials, to do what a good one does not. */
final class RawPeer implements Closeable {
  /** Which process it claims to be, unless told otherwise. */
  private static final long PROCESS = 9;

  final Socket socket;

  RawPeer(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  private RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout((int) TestNode.DEADLINE_S * 1_000);
  }

  /** Dials and is welcome. */
  static RawPeer linked(TestNode node, Identity self) throws Exception {
    return linked(node, self, PROCESS);
  }

  /**
   * @param process that it claims to be
   */
  static RawPeer linked(TestNode node, Identity self, long process) throws Exception {
    RawPeer peer = new RawPeer(node.dstorePort());
    Handshake answer = peer.greet(new Handshake.Hello(self, process, node.self.nodeId(), 1));
    if (!(answer instanceof Handshake.Welcome)) {
      throw new AssertionError("not welcome: " + answer);
    }
    return peer;
  }

  /** Waits until a node dials, and welcomes it. */
  static RawPeer welcoming(ServerSocket server, Identity self) throws Exception {
    RawPeer peer = new RawPeer(server.accept());
    peer.readHandshake();
    peer.say(new Handshake.Welcome(self, PROCESS, 1));
    return peer;
  }

  Handshake greet(Handshake.Hello hello) throws Exception {
    say(hello);
    return readHandshake();
  }

  private void say(Handshake word) throws IOException {
    ByteWriter writer = new ByteWriter();
    HandshakeCodec.encode(word, writer);
    write(writer.toBytes().toByteArray());
  }

  Handshake readHandshake() throws Exception {
    byte[] bytes = new byte[4_096];
    int length = 0;
    while (true) {
      int wanted = HandshakeCodec.wanted(bytes, 0, length);
      if (wanted == length) {
        return HandshakeCodec.decode(bytes, 0, length);
      }
      int got = socket.getInputStream().readNBytes(bytes, length, wanted - length);
      if (got < wanted - length) {
        throw new IOException("the end came after " + (length + got) + " bytes");
      }
      length = wanted;
    }
  }

  void send(PeerMessage message) throws IOException {
    ByteWriter writer = new ByteWriter();
    LinkCodec.encode(message, writer);
    write(writer.toBytes().toByteArray());
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** The index of the next digest; throws away what comes before it. */
  long awaitDigest() throws Exception {
    byte[] bytes = new byte[1 << 16];
    while (true) {
      int length = 0;
      int wanted = LinkCodec.wanted(bytes, 0, 0);
      while (length < wanted) {
        int got = socket.getInputStream().readNBytes(bytes, length, wanted - length);
        if (got < wanted - length) {
          throw new IOException("the end came after " + (length + got) + " bytes of a message");
        }
        length = wanted;
        wanted = LinkCodec.wanted(bytes, 0, length);
      }
      if (LinkCodec.decode(bytes, 0, length) instanceof PeerMessage.StateDigest digest) {
        return digest.index();
      }
    }
  }

  /** Reads until the other side closes; a reset is an end too. */
  void awaitEnd() throws IOException {
    InputStream in = socket.getInputStream();
    byte[] bytes = new byte[8_192];
    try {
      while (in.read(bytes) >= 0) {
        // Thrown away.
      }
    } catch (java.net.SocketException e) {
      // Reset.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
