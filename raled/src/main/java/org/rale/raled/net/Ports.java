package org.rale.raled.net;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Words for ports that could not be taken. */
final class Ports {
  private Ports() {}

  static PortException taken(
      String setting, String protocol, InetSocketAddress address, @Nullable Throwable cause) {
    String reason = cause == null ? "no reason given" : String.valueOf(cause.getMessage());
    return new PortException(
        "could not listen on "
            + address.getAddress().getHostAddress()
            + " port "
            + address.getPort()
            + "/"
            + protocol
            + ": "
            + reason
            + "; is another raled running, or is bind_ip not an address of this machine? Set "
            + setting
            + " or bind_ip");
  }
}
