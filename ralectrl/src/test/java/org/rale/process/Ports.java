package org.rale.process;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports, from below those that the system gives to connections: one that a client happened to
 * get would be taken when its node starts again.
 */
final class Ports {
  private static final int FIRST = 20_000;
  private static final int END = 32_000;

  private Ports() {}

  /** A port that is free for UDP and for TCP. */
  static int free() {
    InetAddress host = InetAddress.getLoopbackAddress();
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      try (DatagramSocket udp = new DatagramSocket(port, host);
          ServerSocket tcp = new ServerSocket()) {
        tcp.bind(new InetSocketAddress(host, port));
        if (udp.isBound()) {
          return port;
        }
      } catch (IOException e) {
        // Taken: the next one.
      }
    }
  }
}
