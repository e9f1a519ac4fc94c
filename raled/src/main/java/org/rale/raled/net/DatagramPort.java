package org.rale.raled.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.MalformedException;
import org.rale.raled.clients.FatalErrors;
import org.rale.wire.Datagram;
import org.rale.wire.DatagramCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The UDP socket on rale_port. Belongs to home.
 *
 * <p>Nothing is ever sent to the address that a datagram came from: source addresses are forged
 * with ease, and a node that answered them would be a stone to throw at others.
 */
final class DatagramPort {
  private static final Logger log = LoggerFactory.getLogger(DatagramPort.class);

  /** Datagrams that wait for the socket; beyond them they are lost, as datagrams may be. */
  private static final WriteBufferWaterMark WAITING = new WriteBufferWaterMark(64 << 10, 256 << 10);

  private final Channel channel;
  private final TransportCounters counters;
  private final ByteWriter writer = new ByteWriter(256);

  private DatagramPort(Channel channel, TransportCounters counters) {
    this.channel = channel;
    this.counters = counters;
  }

  /** Takes the port; nothing is read before {@link #open}. */
  static DatagramPort bind(EventLoops loops, InetSocketAddress address, TransportCounters counters)
      throws PortException {
    ChannelFuture bound =
        new Bootstrap()
            .group(loops.home())
            .channel(loops.udp())
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
            // One byte more than the longest: then a longer one is seen to be too long.
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(DatagramCodec.MAX_BYTES + 1))
            .handler(new Deaf())
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw Ports.taken("rale_port", "udp", address, bound.cause());
    }
    return new DatagramPort(bound.channel(), counters);
  }

  InetSocketAddress localAddress() {
    return (InetSocketAddress) channel.localAddress();
  }

  void open(Consumer<Datagram> receiver) {
    channel.pipeline().addLast(new Ear(receiver, counters));
    channel.config().setAutoRead(true);
  }

  /** Encodes into the socket's queue; {@link #flush} sends. */
  void send(Datagram datagram, InetSocketAddress address) {
    if (channel.isWritable()) {
      writer.clear();
      DatagramCodec.encode(datagram, writer);
      ByteBuf bytes = channel.alloc().ioBuffer(writer.size());
      bytes.writeBytes(writer.array(), 0, writer.size());
      channel.write(new DatagramPacket(bytes, address));
    }
  }

  void flush() {
    channel.flush();
  }

  ChannelFuture close() {
    return channel.close();
  }

  private static final class Deaf extends io.netty.channel.ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      FatalErrors.reportIfError(cause);
      // Such as an ICMP answer to an earlier datagram. The socket stays as good as it was.
      log.debug("rale port: {}", cause.toString());
    }
  }

  static final class Ear extends SimpleChannelInboundHandler<DatagramPacket> {
    private final Consumer<Datagram> receiver;
    private final TransportCounters counters;
    private byte[] scratch = new byte[DatagramCodec.MAX_BYTES + 1];

    Ear(Consumer<Datagram> receiver, TransportCounters counters) {
      this.receiver = receiver;
      this.counters = counters;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
      int length = packet.content().readableBytes();
      packet.content().readBytes(scratch, 0, length);
      Datagram datagram;
      try {
        datagram = DatagramCodec.decode(scratch, 0, length);
      } catch (MalformedException e) {
        counters.datagramMalformed.increment();
        return;
      }
      receiver.accept(datagram);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      FatalErrors.reportIfError(cause);
      log.debug("rale port: {}", cause.toString());
    }
  }
}
