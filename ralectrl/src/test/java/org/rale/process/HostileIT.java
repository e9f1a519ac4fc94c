package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever comes in at the ports, the cluster goes on. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileIT {
  @TempDir static Path home;
  private static Cluster cluster;
  private static Daemon leader;

  @BeforeAll
  static void form() throws Exception {
    cluster = Cluster.formed(home).whole();
    leader = cluster.leader();
  }

  @AfterAll
  static void end() throws Exception {
    try (Cluster closing = cluster) {
      for (Daemon node : closing.nodes) {
        assertThat(node.isRunning()).isTrue();
        assertThat(node.log()).doesNotContain(" ERROR ");
      }
    }
  }

  private static void goesOn(String value) throws IOException {
    assertThat(cluster.node(2).ask("PUT alive " + value)).isEqualTo("OK: " + value);
    assertThat(cluster.node(3).ask("GET alive")).isEqualTo("OK: " + value);
  }

  @Test
  @DisplayName("S-16 a line of more than 2 MiB gets its error, and the connection is closed")
  void endlessLine() throws Exception {
    byte[] piece = new byte[64 * 1024];
    Arrays.fill(piece, (byte) 'x');
    try (Client client = leader.connect()) {
      for (int sent = 0; sent <= 2 << 20; sent += piece.length) {
        client.sendRaw(piece);
      }
      assertThat(client.reply()).startsWith("ERROR: ");
      assertThat(client.isAtEnd()).isTrue();
    }
    goesOn("endless");
  }

  @RepeatedTest(5)
  @DisplayName("S-17 garbage on the dstore port hurts nobody")
  void garbage() throws Exception {
    Random random = new Random(17);
    for (int i = 0; i < 20; i++) {
      byte[] bytes = new byte[1 + random.nextInt(3000)];
      random.nextBytes(bytes);
      if (i % 2 == 0) {
        // As a node begins, with a frame of an absurd length behind it.
        byte[] preamble = {(byte) 0x8E, 'R', 'A', 'L', 'E', 1, 1, (byte) 0xFF, -1, -1, -1};
        System.arraycopy(preamble, 0, bytes, 0, Math.min(preamble.length, bytes.length));
      }
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), leader.dstorePort)) {
        socket.getOutputStream().write(bytes);
      }
    }
    goesOn("garbage");
  }

  @Test
  @DisplayName("S-17 bad UTF-8, NUL and deep nesting get an error each, and the connection stays")
  void badLines() throws Exception {
    try (Client client = leader.connect()) {
      client.sendRaw("PUT k \0\n".getBytes(StandardCharsets.UTF_8));
      assertThat(client.reply()).startsWith("ERROR: ");
      client.sendRaw(new byte[] {'P', 'U', 'T', ' ', 'k', ' ', (byte) 0xC3, '\n'});
      assertThat(client.reply()).startsWith("ERROR: ");
      assertThat(client.ask("{\"command\":" + "[".repeat(100_000)))
          .contains("\"code\":\"BAD_REQUEST\"");
      assertThat(client.ask("PING")).isEqualTo("OK: PONG");
    }
  }

  @Test
  @DisplayName("S-16 many slow connections keep nobody from being served")
  void slowConnections() throws Exception {
    List<Client> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        Client client = leader.connect();
        slow.add(client);
        client.sendRaw("PUT slow".getBytes(StandardCharsets.UTF_8));
      }
      goesOn("slow");
      Client last = slow.get(slow.size() - 1);
      last.sendRaw(" done\n".getBytes(StandardCharsets.UTF_8));
      assertThat(last.reply()).isEqualTo("OK: done");
    } finally {
      for (Client client : slow) {
        client.close();
      }
    }
  }

  @Test
  @DisplayName("S-17 random datagrams on the rale port move no term")
  void datagrams() throws Exception {
    String term = leader.status().get("term");
    Random random = new Random(18);
    try (DatagramSocket socket = new DatagramSocket()) {
      for (int i = 0; i < 2000; i++) {
        byte[] bytes = new byte[random.nextInt(600)];
        random.nextBytes(bytes);
        if (i % 2 == 0 && bytes.length > 4) {
          System.arraycopy(new byte[] {(byte) 0x8E, 'R', 'D', 1}, 0, bytes, 0, 4);
        }
        Daemon node = cluster.nodes.get(i % 3);
        socket.send(
            new DatagramPacket(
                bytes, bytes.length, InetAddress.getLoopbackAddress(), node.ralePort));
      }
    }
    goesOn("datagrams");
    // A machine under load may elect anew; a term out of a random datagram would be huge.
    assertThat(Long.parseLong(leader.status().get("term")))
        .isBetween(Long.parseLong(term), Long.parseLong(term) + 10);
  }
}
