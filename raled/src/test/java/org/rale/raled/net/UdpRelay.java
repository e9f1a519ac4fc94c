package org.rale.raled.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A network on the way to a rale port, that may lose datagrams and say them again. */
final class UdpRelay implements Closeable {
  private final DatagramSocket socket;
  private final int target;
  private final Thread thread;
  private final BlockingQueue<byte[]> passed = new LinkedBlockingQueue<>();
  private volatile boolean dropping;

  UdpRelay(int target, boolean dropping) throws IOException {
    this.target = target;
    this.dropping = dropping;
    this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    this.thread = new Thread(this::run, "udp-relay");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  void drop(boolean drop) {
    dropping = drop;
  }

  byte[] take() throws InterruptedException {
    return passed.take();
  }

  void send(byte[] bytes) throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), target));
  }

  private void run() {
    DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
    try {
      while (true) {
        socket.receive(packet);
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        if (!dropping) {
          passed.add(bytes);
          send(bytes);
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
