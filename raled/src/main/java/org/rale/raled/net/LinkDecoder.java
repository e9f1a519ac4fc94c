package org.rale.raled.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import org.rale.bytes.MalformedException;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.LinkCodec;
import org.rale.wire.VersionException;

/**
 * Bytes of a link to a {@link org.rale.wire.Handshake}, then {@link org.rale.wire.PeerMessage}s.
 *
 * <p>The buffer grows with what has come, never with what a length field announces (S-17). What is
 * malformed goes up the pipeline as an exception, once; nothing is read behind it.
 */
final class LinkDecoder extends ChannelInboundHandlerAdapter {
  private static final int FIRST_BYTES = 16 << 10;

  /** A buffer that one long message made larger is given back. */
  private static final int KEPT_BYTES = 256 << 10;

  private byte[] array = new byte[FIRST_BYTES];
  private int start;
  private int end;
  private boolean greeted;
  private boolean broken;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (!broken) {
        append(bytes);
      }
    } finally {
      bytes.release();
    }
    try {
      while (!broken && decodeNext(ctx)) {
        // One message after the other.
      }
    } catch (MalformedException | VersionException e) {
      broken = true;
      ctx.fireExceptionCaught(e);
    }
    if (start == end) {
      rest();
    }
  }

  private boolean decodeNext(ChannelHandlerContext ctx)
      throws MalformedException, VersionException {
    int available = end - start;
    int wanted =
        greeted
            ? LinkCodec.wanted(array, start, available)
            : HandshakeCodec.wanted(array, start, available);
    if (available < wanted) {
      return false;
    }
    Object message;
    if (greeted) {
      message = LinkCodec.decode(array, start, wanted);
    } else {
      message = HandshakeCodec.decode(array, start, wanted);
      greeted = true;
    }
    start += wanted;
    ctx.fireChannelRead(message);
    return true;
  }

  private void append(ByteBuf bytes) {
    int more = bytes.readableBytes();
    if (array.length - end < more) {
      int kept = end - start;
      int capacity =
          kept + more <= array.length ? array.length : Math.max(kept + more, array.length * 2);
      byte[] next = capacity == array.length ? array : new byte[capacity];
      System.arraycopy(array, start, next, 0, kept);
      array = next;
      start = 0;
      end = kept;
    }
    bytes.readBytes(array, end, more);
    end += more;
  }

  private void rest() {
    start = 0;
    end = 0;
    if (array.length > KEPT_BYTES) {
      array = Arrays.copyOf(array, FIRST_BYTES);
    }
  }
}
