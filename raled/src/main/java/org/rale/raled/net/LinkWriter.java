package org.rale.raled.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.rale.bytes.ByteWriter;
import org.rale.wire.Handshake;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.LinkCodec;
import org.rale.wire.PeerMessage;

/** Messages of a link to bytes, many into one buffer. Of one event loop. */
final class LinkWriter {
  /** A buffer of this size is given to the channel, and the next one begun. */
  private static final int CHUNK_BYTES = 256 << 10;

  private ByteWriter writer = new ByteWriter(1024);

  ByteBuf encode(ByteBufAllocator alloc, Handshake handshake) {
    HandshakeCodec.encode(handshake, writer);
    return take(alloc);
  }

  ByteBuf encode(ByteBufAllocator alloc, PeerMessage message) {
    LinkCodec.encode(message, writer);
    return take(alloc);
  }

  /** The promise is kept when the last byte of the batch left. */
  void write(ChannelHandlerContext ctx, Link.Batch batch, ChannelPromise promise) {
    for (PeerMessage message : batch.messages()) {
      if (writer.size() >= CHUNK_BYTES) {
        ctx.write(take(ctx.alloc()));
      }
      LinkCodec.encode(message, writer);
    }
    ctx.write(take(ctx.alloc()), promise);
  }

  private ByteBuf take(ByteBufAllocator alloc) {
    ByteBuf buffer = alloc.ioBuffer(writer.size());
    buffer.writeBytes(writer.array(), 0, writer.size());
    if (writer.size() > CHUNK_BYTES) {
      // One huge message must not hold its memory for the life of the link.
      writer = new ByteWriter(1024);
    } else {
      writer.clear();
    }
    return buffer;
  }
}
