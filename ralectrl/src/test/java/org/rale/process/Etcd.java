package org.rale.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A cluster of three etcds of this machine's packages, with their own defaults; whoever starts it
 * ends its processes.
 */
final class Etcd {
  private static final int NODES = 3;

  private final Path home;
  private final List<Integer> clientPorts = new ArrayList<>();

  Etcd(Path home) {
    this.home = home;
  }

  void start() throws IOException {
    List<String> members = new ArrayList<>();
    List<String> peers = new ArrayList<>();
    for (int id = 1; id <= NODES; id++) {
      clientPorts.add(Ports.free());
      peers.add(url(Ports.free()));
      members.add("e" + id + "=" + peers.get(id - 1));
    }
    for (int id = 1; id <= NODES; id++) {
      Path directory = Files.createDirectories(home.resolve("e" + id));
      String client = url(clientPorts.get(id - 1));
      String peer = peers.get(id - 1);
      List<String> command =
          List.of(
              "etcd",
              "--name=e" + id,
              "--data-dir=" + directory.resolve("data"),
              "--listen-client-urls=" + client,
              "--advertise-client-urls=" + client,
              "--listen-peer-urls=" + peer,
              "--initial-advertise-peer-urls=" + peer,
              "--initial-cluster=" + String.join(",", members));
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().keySet().removeIf(name -> name.startsWith("ETCD"));
      builder.redirectOutput(directory.resolve("log").toFile()).start();
    }
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
  }

  /** The client port of the one that leads, once there is one and all answer. */
  int leaderPort() {
    int[] port = new int[1];
    Until.holds(
        "a leader of etcd",
        () -> {
          List<String> lines = ctl("endpoint", "status");
          for (int node = 0; node < NODES; node++) {
            // The endpoint, id, version, size, whether it leads, ...
            String[] fields = lines.get(node).split(", ");
            if (fields[4].equals("true")) {
              port[0] = clientPorts.get(node);
            }
          }
          return port[0] != 0;
        });
    return port[0];
  }

  private List<String> ctl(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("etcdctl"));
    command.add(
        "--endpoints=" + clientPorts.stream().map(Etcd::url).collect(Collectors.joining(",")));
    command.addAll(List.of(words));
    return output(command);
  }

  /** The words of "etcd --version" that tell the release. */
  static String version() throws IOException, InterruptedException {
    return output(List.of("etcd", "--version")).get(0).replace("etcd Version: ", "");
  }

  private static List<String> output(List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.DISCARD);
    builder.environment().keySet().removeIf(name -> name.startsWith("ETCD"));
    builder.environment().put("ETCDCTL_API", "3");
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": exit code " + process.exitValue());
    }
    return text.lines().toList();
  }
}
