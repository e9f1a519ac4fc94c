package org.rale.raled.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;

/** How the socket of a link is set up, whichever side dialled. */
final class LinkChannels {
  private LinkChannels() {}

  static void configure(Channel channel) {
    ChannelConfig config = channel.config();
    // An acknowledgement of a few bytes must not wait for more to come.
    config.setOption(ChannelOption.TCP_NODELAY, true);
    config.setOption(ChannelOption.SO_KEEPALIVE, true);
    // A link whose other side says no more is of no use, not even half of it.
    config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    config.setAutoRead(true);
  }
}
