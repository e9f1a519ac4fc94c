package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the relay between nodes does to datagrams and streams. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RelayTest {
  private static final int DELAY_MS = 50;
  private static final Weather SLOW = new Weather(0, 0, 0, 0, DELAY_MS, 0);

  private final InetSocketAddress relayed = here(Ports.free());
  private final InetSocketAddress target = here(Ports.free());
  private final Relay relay = new Relay();
  private DatagramSocket receiver;
  private DatagramSocket sender;

  private static InetSocketAddress here(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @BeforeEach
  void open() throws Exception {
    receiver = new DatagramSocket(target);
    sender = new DatagramSocket();
    relay.datagrams(relayed, target);
    relay.links(relayed, target);
  }

  @AfterEach
  void close() throws Exception {
    relay.close();
    receiver.close();
    sender.close();
  }

  private void send(String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    sender.send(new DatagramPacket(bytes, bytes.length, relayed));
  }

  private String receive() throws Exception {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    receiver.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
  }

  @Test
  void aDoubledDatagramArrivesTwice() throws Exception {
    relay.weather(new Weather(0, 1, 0, 0, 0, 0));
    send("a");
    assertThat(receive()).isEqualTo("a");
    assertThat(receive()).isEqualTo("a");
    receiver.setSoTimeout(DELAY_MS);
    assertThatThrownBy(this::receive).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void aShareOfTheDatagramsIsLost() throws Exception {
    relay.weather(new Weather(0.5, 0, 0, 0, 0, 0));
    int sent = 200;
    for (int i = 0; i < sent; i++) {
      send("a");
    }
    receiver.setSoTimeout(1_000);
    int received = 0;
    try {
      while (true) {
        receive();
        received++;
      }
    } catch (SocketTimeoutException e) {
      assertThat(received).isBetween(sent / 4, 3 * sent / 4);
    }
  }

  @Test
  void aDatagramTakesItsTime() throws Exception {
    relay.weather(SLOW);
    long start = System.nanoTime();
    send("a");
    receive();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(DELAY_MS * 1_000_000L);
  }

  @Test
  void datagramsOvertakeEachOther() throws Exception {
    relay.weather(new Weather(0, 0, 0.5, DELAY_MS, 0, 0));
    List<String> sent = new ArrayList<>();
    List<String> received = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      sent.add("" + i);
      send("" + i);
    }
    for (int i = 0; i < 100; i++) {
      received.add(receive());
    }
    assertThat(received).containsExactlyInAnyOrderElementsOf(sent).isNotEqualTo(sent);
  }

  @Test
  void aStreamKeepsItsOrderTakesItsTimeAndEndsOnBothSides() throws Exception {
    relay.weather(new Weather(1, 0, 0, 0, DELAY_MS, DELAY_MS / 2));
    try (ServerSocket server = new ServerSocket()) {
      server.bind(target);
      try (Socket near = new Socket(relayed.getAddress(), relayed.getPort());
          Socket far = server.accept()) {
        StringBuilder text = new StringBuilder();
        long start = System.nanoTime();
        for (int i = 0; i < 500; i++) {
          text.append(i).append(' ');
          near.getOutputStream().write((i + " ").getBytes(StandardCharsets.US_ASCII));
        }
        InputStream in = far.getInputStream();
        assertThat(new String(in.readNBytes(text.length()), StandardCharsets.US_ASCII))
            .isEqualTo(text.toString());
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(DELAY_MS / 2 * 1_000_000L);
        far.shutdownOutput();
        assertThat(near.getInputStream().read()).isEqualTo(-1);
      }
    }
  }
}
