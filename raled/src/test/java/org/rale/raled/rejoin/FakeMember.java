package org.rale.raled.rejoin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.rale.bytes.Bytes;
import org.rale.command.CommandParser;
import org.rale.command.ParsedLine;
import org.rale.command.ReplyRenderer;
import org.rale.request.ErrorCode;
import org.rale.request.NodeInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.request.Response.Field;

/** A member as its clients see it, with a membership that tests may change. */
final class FakeMember implements AutoCloseable {
  final int id;
  volatile long clusterId = 0xc1;
  volatile String role = "leader";
  volatile Optional<Failed> noRead = Optional.empty();
  volatile Optional<Failed> noRemove = Optional.empty();
  volatile Optional<Failed> noAdd = Optional.empty();
  final ConcurrentHashMap<Integer, NodeInfo> members = new ConcurrentHashMap<>();
  final List<Request> asked = Collections.synchronizedList(new ArrayList<>());
  private final ServerSocket socket;
  private final Thread thread;
  private final CommandParser parser = new CommandParser(1 << 20);

  FakeMember(int id) throws IOException {
    this.id = id;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    member(id, 0x100 + id, "leader", true, false);
    thread = new Thread(this::serve, "fake-member-" + id);
    thread.setDaemon(true);
    thread.start();
  }

  Server server() {
    return new Server("127.0.0.1", socket.getLocalPort());
  }

  /** A member with rale port {@code node} and the dstore port behind that. */
  void member(int node, long incarnation, String as, boolean online, boolean lost) {
    int port = node == id ? socket.getLocalPort() : node + 1;
    members.put(
        node,
        new NodeInfo(node, "n" + node, "127.0.0.1", node, port, as, online, incarnation, lost));
  }

  /** Another one leads. */
  void follows(FakeMember leader) {
    role = "follower";
    members.put(
        leader.id,
        new NodeInfo(
            leader.id,
            "n",
            "127.0.0.1",
            1,
            leader.server().port(),
            "leader",
            true,
            0x100 + leader.id,
            false));
    member(id, 0x100 + id, "follower", true, false);
  }

  <T> List<T> asked(Class<T> type) {
    synchronized (asked) {
      return asked.stream().filter(type::isInstance).map(type::cast).toList();
    }
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        BufferedReader in =
            new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          ParsedLine.Parsed parsed = (ParsedLine.Parsed) parser.parse(line.getBytes(UTF_8));
          asked.add(parsed.request());
          byte[] reply = ReplyRenderer.render(parsed.form(), answer(parsed.request()));
          client.getOutputStream().write((new String(reply, UTF_8) + "\n").getBytes(UTF_8));
        }
      } catch (IOException e) {
        // A client that went away, or the end of the test.
      }
    }
  }

  private Response answer(Request request) {
    if (request instanceof Request.Status) {
      return new Response.StatusReport(
          List.of(
              Field.of("node_id", id),
              Field.of("role", role),
              Field.of("state", "ok"),
              Field.of("cluster_id", String.format("%016x", clusterId))));
    } else if (request instanceof Request.ListNodes) {
      return new Response.Nodes(new ArrayList<>(members.values()));
    } else if (request instanceof Request.Keys) {
      return or(noRead, none -> new Response.KeyList(List.of(Bytes.utf8("k")), true, 0));
    } else if (request instanceof Request.Remove remove) {
      return or(noRemove, none -> remove(remove));
    } else if (request instanceof Request.Add add) {
      return or(noAdd, none -> new Response.Added(add.id(), false, false));
    }
    throw new IllegalStateException("nobody asks for " + request);
  }

  private static Response or(Optional<Failed> failure, Function<Object, Response> otherwise) {
    return failure.isPresent() ? failure.get() : otherwise.apply("");
  }

  private Response remove(Request.Remove remove) {
    NodeInfo known = members.get(remove.id());
    if (known != null && known.incarnation() != remove.incarnation()) {
      return Failed.of(ErrorCode.MEMBERSHIP_REFUSED, "added again since");
    }
    members.remove(remove.id());
    return new Response.Removed(remove.id());
  }

  @Override
  public void close() throws IOException {
    socket.close();
    try {
      // Before it ends it may take one connection more.
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
