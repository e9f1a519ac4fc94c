package org.rale.raled.clients;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose client may still be sending. Closing at once would answer what is
 * unread with a reset, and a reset throws away the last reply on the client's side before it was
 * read. So: no more output, input is read and thrown away for a moment, then closed.
 */
final class Linger {
  private Linger() {}

  static void begin(Channel channel) {
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
      channel.config().setAutoRead(true);
      channel
          .eventLoop()
          .schedule(() -> channel.close(), ClientLimits.LINGER_MS, TimeUnit.MILLISECONDS);
    } else {
      channel.close();
    }
  }
}
