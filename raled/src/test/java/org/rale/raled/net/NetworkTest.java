package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rale.bytes.Bytes;
import org.rale.raled.clients.ClientLimits;
import org.rale.raled.clients.RequestHandler;
import org.rale.request.Limits;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.Handshake;
import org.rale.wire.Identity;

/** The doors for clients, over real sockets. */
final class NetworkTest {
  private static final int MAX_CONNECTIONS = 4;

  @TempDir Path directory;

  private final BlockingQueue<Consumer<Response>> held = new LinkedBlockingQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  /** PING at once, GET with the key, STOP likewise; KEYS waits for the test. */
  private final RequestHandler node =
      (request, timeoutMs, reply) -> {
        if (request instanceof Request.Get get) {
          reply.accept(new Response.Value(get.key(), 1, 1, 1));
        } else if (request instanceof Request.Keys) {
          held.add(reply);
        } else if (request instanceof Request.Stop) {
          reply.accept(new Response.Stopping());
        } else {
          reply.accept(new Response.Pong());
        }
      };

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private NetConfig config(int ralePort, int dstorePort) {
    ClientLimits clients = new ClientLimits(MAX_CONNECTIONS, 1_000, Limits.MAX_VALUE_BYTES);
    Path socket = directory.resolve("c.sock");
    return new NetConfig("127.0.0.1", ralePort, dstorePort, socket, 1, 50, 5_000, 10_000, clients);
  }

  private Network network(boolean nio) throws PortException {
    Network network = Network.bind(config(0, 0), nio ? EventLoops.nio() : EventLoops.best());
    open.add(network);
    network.open(() -> node);
    return network;
  }

  private final class Client implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader reader;

    Client(Network network) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), network.dstoreAddress().getPort());
      socket.setSoTimeout(30_000);
      reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      open.add(this);
    }

    Client say(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    String hear() throws IOException {
      return reader.readLine();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void clientsAreServedOverTcp(boolean nio) throws Exception {
    Client client = new Client(network(nio));
    client.say("PING\r\nGET a\nSTOP\n");
    assertThat(client.hear()).isEqualTo("OK: PONG");
    assertThat(client.hear()).isEqualTo("OK: a");
    assertThat(client.hear()).startsWith("ERROR: STOP");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHalfClosedClientGetsEveryReplyAndThenTheEnd(boolean nio) throws Exception {
    Client client = new Client(network(nio));
    int requests = 50_000;
    Thread writer =
        new Thread(
            () -> {
              try {
                client.say("GET abcdefgh\n".repeat(requests));
                client.socket.shutdownOutput();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    writer.start();
    for (int i = 0; i < requests; i++) {
      assertThat(client.hear()).isEqualTo("OK: abcdefgh");
    }
    assertThat(client.hear()).isNull();
    writer.join();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHalfClosedClientGetsTheReplyToALineThatHadToWait(boolean nio) throws Exception {
    Network network = network(nio);
    Client client = new Client(network);
    client.say("KEYS\nPUT k v\nKEYS\n");
    client.socket.shutdownOutput();
    Consumer<Response> keys = held.take();
    // Whichever event loop has the client: when it serves others it has seen the end of the input.
    for (int i = 0; i < 8; i++) {
      try (Client other = new Client(network)) {
        assertThat(other.say("PING\n").hear()).isEqualTo("OK: PONG");
      }
    }
    keys.accept(new Response.KeyList(List.of(), true, 0));
    assertThat(client.hear()).contains("\"truncated\":true");
    assertThat(client.hear()).isEqualTo("OK: PONG");
    held.take().accept(new Response.KeyList(List.of(), false, 0));
    assertThat(client.hear()).contains("\"truncated\":false");
    assertThat(client.hear()).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void localUsersAreServedOverTheControlSocketAndMayStop(boolean nio) throws Exception {
    network(nio);
    Path path = directory.resolve("c.sock");
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      client.write(ByteBuffer.wrap("PING\nSTOP\n".getBytes(StandardCharsets.UTF_8)));
      BufferedReader reader =
          new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
      assertThat(reader.readLine()).isEqualTo("OK: PONG");
      assertThat(reader.readLine()).isEqualTo("OK: stopping");
    }
    assertThat(directory.toFile().list()).containsExactly("c.sock");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aHalfClosedLocalUserGetsTheReplyThatComesLater() throws Exception {
    network(false);
    Path path = directory.resolve("c.sock");
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      client.write(ByteBuffer.wrap("KEYS\n".getBytes(StandardCharsets.UTF_8)));
      client.shutdownOutput();
      held.take().accept(new Response.KeyList(List.of(), true, 0));
      String reply =
          new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(reply).contains("\"truncated\":true");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theEndOfAnEndlessLineIsHeardByTheClient(boolean nio) throws Exception {
    Client client = new Client(network(nio));
    client.say("PUT a " + "x".repeat(Limits.MAX_LINE_BYTES + 1_000_000) + "\n");
    assertThat(client.hear()).startsWith("ERROR: the line has more than 2097152 bytes");
    assertThat(client.hear()).isNull();
  }

  @Test
  @DisplayName("S-16 clients above max_connections are told so, and nodes get in all the same")
  void S_16_connectionsAreBounded() throws Exception {
    Network network = network(false);
    network.transport().start(new TestNodeEvents(), TestNode.view(new Identity(7, 1, 11)));
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < MAX_CONNECTIONS; i++) {
      Client client = new Client(network).say("PING\n");
      assertThat(client.hear()).isEqualTo("OK: PONG");
      clients.add(client);
    }
    Client refused = new Client(network).say("PING\n");
    assertThat(refused.hear()).startsWith("ERROR: ").contains("4 connections");
    assertThat(refused.hear()).isNull();
    Client json = new Client(network).say("{\"command\":\"PING\",\"id\":7}\n");
    assertThat(json.hear()).startsWith("{\"status\":\"error\",\"code\":\"OVERLOADED\"");
    Client silent = new Client(network);
    assertThat(silent.hear()).startsWith("ERROR: ").contains("4 connections");

    try (RawPeer peer = new RawPeer(network.dstoreAddress().getPort())) {
      assertThat(peer.greet(new Handshake.Hello(new Identity(7, 2, 12), 9, 1, 1)))
          .isInstanceOf(Handshake.Welcome.class);
    }

    clients.get(0).close();
    refused.close();
    json.close();
    silent.close();
    TestNode.until("a place is free", () -> network.connections() < MAX_CONNECTIONS);
    assertThat(new Client(network).say("PING\n").hear()).isEqualTo("OK: PONG");
  }

  @Test
  void aClientThatDoesNotReadHoldsNobodyUp() throws Exception {
    Network network = network(false);
    Client stuck = new Client(network);
    Thread writer =
        new Thread(
            () -> {
              try {
                stuck.say(("GET " + "k".repeat(1_000) + "\n").repeat(100_000));
              } catch (IOException e) {
                // The test is over, and closed the connection.
              }
            });
    writer.start();
    Client good = new Client(network);
    for (int i = 0; i < 100; i++) {
      assertThat(good.say("PING\n").hear()).isEqualTo("OK: PONG");
    }
    stuck.close();
    writer.join();
  }

  @Test
  void atTheEndWhatIsUnderWayIsAnsweredAndTheSocketIsGone() throws Exception {
    Network network = network(false);
    Client client = new Client(network).say("KEYS\n");
    Consumer<Response> reply = held.take();
    Thread stop = new Thread(() -> network.finishClients(30_000));
    stop.start();
    TestNode.until("no door is open", () -> !Files.exists(directory.resolve("c.sock")));
    reply.accept(new Response.KeyList(List.of(Bytes.utf8("a")), false, 0));
    assertThat(client.hear()).contains("\"a\"");
    assertThat(client.hear()).isNull();
    stop.join();
  }

  @Test
  void atTheEndWhatIsNotAnsweredInTimeIsCut() throws Exception {
    Network network = network(false);
    Client client = new Client(network).say("KEYS\n");
    held.take();
    network.finishClients(1);
    assertThat(client.hear()).isNull();
  }

  @Test
  void aPortThatIsTakenIsNamedAndTheOthersAreGivenBack() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> Network.bind(config(0, port)))
          .isInstanceOf(PortException.class)
          .hasMessageContaining("port " + port + "/tcp")
          .hasMessageContaining("dstore_port");
    }
    assertThat(directory.toFile().list()).isEmpty();
  }

  @Test
  void aSecondNodeWithTheSameControlSocketIsRefused() throws Exception {
    network(false);
    assertThatThrownBy(() -> Network.bind(config(0, 0)))
        .isInstanceOf(PortException.class)
        .hasMessageContaining("is served by a running process");
    assertThat(directory.resolve("c.sock")).exists();
  }

  @Test
  @DisplayName("S-17 many connections with garbage hurt nobody")
  void S_17_garbage() throws Exception {
    Network network = network(false);
    IntStream.range(0, 50)
        .forEach(
            seed -> {
              byte[] garbage = new byte[10_000];
              new java.util.Random(seed).nextBytes(garbage);
              try (Socket socket =
                  new Socket(InetAddress.getLoopbackAddress(), network.dstoreAddress().getPort())) {
                socket.getOutputStream().write(garbage);
              } catch (IOException e) {
                // Cut off in the middle, which is fine.
              }
            });
    // Some of them may still wait to be accepted, and take the places that there are.
    TestNode.until("a client is served", () -> pongs(network));
  }

  private boolean pongs(Network network) {
    try {
      return new Client(network).say("PING\n").hear().equals("OK: PONG");
    } catch (IOException e) {
      return false;
    }
  }
}
