package org.rale.ralectrl.bench;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.rale.ralectrl.client.Deadline;
import org.rale.ralectrl.client.Link;
import org.rale.ralectrl.client.Target;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;

/** A connection to one of the servers, whichever can be reached. */
final class Opening {
  private final List<Target> servers;
  private final Duration timeout;

  /**
   * @param timeout for all of them together
   */
  Opening(List<Target> servers, Duration timeout) {
    this.servers = servers;
    this.timeout = timeout;
  }

  /**
   * A connection, and the server that it leads to.
   *
   * @param channel does not block, and is registered nowhere
   * @param server its place among the servers
   */
  record Open(SocketChannel channel, int server) {}

  /**
   * Tries each server once.
   *
   * @param first the one to begin with; counted around
   */
  Open from(int first) throws Failure {
    Deadline deadline = Deadline.in(timeout);
    List<String> notes = new ArrayList<>();
    for (int tried = 0; tried < servers.size(); tried++) {
      int server = (first + tried) % servers.size();
      try {
        Deadline part = deadline.part(servers.size() - tried);
        return new Open(open(servers.get(server), part), server);
      } catch (IOException e) {
        notes.add(servers.get(server) + ": " + Link.reason(e));
      }
    }
    throw Failure.of(
        ExitCode.UNAVAILABLE,
        ErrorCode.NODE_UNREACHABLE,
        "no server could be reached",
        notes,
        "Check that raled runs there, or name another server with --server, --socket or"
            + " --config.");
  }

  private static SocketChannel open(Target target, Deadline deadline) throws IOException {
    SocketChannel channel = Link.open(target, deadline).release();
    if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    return channel;
  }
}
