package org.rale.raled;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.rale.raled.config.LogDestination;
import org.rale.raled.config.NodeConfig;

/**
 * {@code raled --check}: whether a start would find what it needs. It leaves nothing behind: ports
 * are bound for a moment and freed again, directories that are missing are not made.
 */
final class Preflight {
  private final NodeConfig config;
  private final PrintStream out;
  private boolean failed;

  private Preflight(NodeConfig config, PrintStream out) {
    this.config = config;
    this.out = out;
  }

  /** A check that says nothing, or what is wrong. */
  @FunctionalInterface
  private interface Probe {
    @Nullable String problem() throws IOException;
  }

  /** Reports line by line; true where all is well. */
  static boolean check(NodeConfig config, Path pidFile, PrintStream out) {
    Preflight preflight = new Preflight(config, out);
    preflight.run(pidFile);
    return !preflight.failed;
  }

  private void run(Path pidFile) {
    String host = config.bindIp().contains(":") ? "[" + config.bindIp() + "]" : config.bindIp();
    report("rale port " + host + ":" + config.ralePort() + "/udp", this::udp);
    report("dstore port " + host + ":" + config.dstorePort() + "/tcp", this::tcp);
    report("data directory " + config.dataDirectory(), () -> directory(config.dataDirectory()));
    report("control socket " + config.controlSocket(), () -> socket(config.controlSocket()));
    if (config.logging().all().stream().anyMatch(log -> log.destination() == LogDestination.FILE)) {
      Path logs = config.logging().directory();
      report("log directory " + logs, () -> directory(logs));
    }
    report("PID file " + pidFile, () -> pidFile(pidFile));
  }

  private void report(String what, Probe probe) {
    String problem;
    try {
      problem = probe.problem();
    } catch (IOException e) {
      problem = e.getMessage() == null ? e.toString() : e.getMessage();
    }
    failed |= problem != null;
    out.println(problem == null ? "ok      " + what : "FAILED  " + what + ": " + problem);
  }

  private @Nullable String udp() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(null)) {
      socket.bind(address(config.ralePort()));
      return null;
    } catch (BindException e) {
      return e.getMessage();
    }
  }

  private @Nullable String tcp() throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      // As the daemon does: connections of the last run that linger are no hindrance.
      socket.setReuseAddress(true);
      socket.bind(address(config.dstorePort()));
      return null;
    } catch (BindException e) {
      return e.getMessage();
    }
  }

  private InetSocketAddress address(int port) throws IOException {
    try {
      return new InetSocketAddress(InetAddress.getByName(config.bindIp()), port);
    } catch (UnknownHostException e) {
      throw new IOException("the host name " + config.bindIp() + " has no address", e);
    }
  }

  /** A directory that can be written to, or can be made. */
  private static @Nullable String directory(Path directory) {
    if (Files.isDirectory(directory)) {
      return Files.isWritable(directory) ? null : "it can't be written to";
    }
    if (Files.exists(directory, NOFOLLOW_LINKS)) {
      return "it is not a directory";
    }
    Path above = directory.toAbsolutePath().normalize().getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    return above != null && Files.isDirectory(above) && Files.isWritable(above)
        ? null
        : "it can't be made in " + above;
  }

  private static @Nullable String socket(Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      return "there is no directory " + directory;
    }
    if (!Files.isWritable(directory)) {
      return directory + " can't be written to";
    }
    if (!Files.exists(path, NOFOLLOW_LINKS)) {
      return null;
    }
    boolean isSocket =
        Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS).isOther();
    if (!isSocket) {
      return "there is something else of that name";
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
      return "another process listens on it";
    } catch (IOException e) {
      // Nobody listens: left behind by a process that is gone, and replaced at the start.
      return null;
    }
  }

  private static @Nullable String pidFile(Path path) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory) || !Files.isWritable(directory)) {
      return "it can't be made in " + directory;
    }
    try {
      PidFile.check(path, ProcessHandle.current().pid());
      return null;
    } catch (PidFile.RefusedException e) {
      return e.getMessage();
    }
  }
}
