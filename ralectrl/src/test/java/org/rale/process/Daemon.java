package org.rale.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One node: its directory, ports and configuration, and its process while there is one. */
final class Daemon implements AutoCloseable {
  private static final Path RALED = Path.of("../scripts/raled").toAbsolutePath().normalize();

  final int id;
  final Host host;
  final int ralePort = Ports.free();
  final int dstorePort = Ports.free();
  final Path home;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private Process process;
  private String heap = "";
  private boolean asShipped;

  /** What the other nodes know it by. */
  private String address;

  /**
   * @param home for all of the node's files; short, since the path of a Unix socket has 107 bytes
   */
  Daemon(Path home, int id) throws IOException {
    this(home, id, Host.LOOPBACK);
  }

  Daemon(Path home, int id, Host host) throws IOException {
    this.id = id;
    this.host = host;
    this.address = host.ip();
    this.home = Files.createDirectories(home.resolve("n" + id));
    settings.put("node_id", "" + id);
    settings.put("node_name", "node" + id);
    settings.put("node_ip", address);
    settings.put("rale_port", "" + ralePort);
    settings.put("dstore_port", "" + dstorePort);
    settings.put("socket_path", socket().toString());
    settings.put("path", data().toString());
    settings.put("log_directory", this.home.resolve("log").toString());
    settings.put("raled_log_destination", "stderr");
    settings.put("dstore_log_destination", "stderr");
    settings.put("comm_log_destination", "stderr");
    // A machine that builds at the same time is no quiet LAN.
    settings.put("election_timeout_min", "300");
    settings.put("election_timeout_max", "600");
    writeConfig();
  }

  Path config() {
    return home.resolve("raled.conf");
  }

  Path socket() {
    return home.resolve("s");
  }

  Path data() {
    return home.resolve("data");
  }

  Path clusterDb() {
    return data().resolve("cluster.db");
  }

  Path pidFile() {
    return home.resolve("pid");
  }

  private Path errors() {
    return home.resolve("stderr");
  }

  /** Changes a setting; it holds from the next start or reload on. */
  Daemon set(String key, String value) throws IOException {
    settings.put(key, value);
    writeConfig();
    return this;
  }

  private void writeConfig() throws IOException {
    StringBuilder text = new StringBuilder();
    settings.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    Files.writeString(config(), text);
  }

  /** With the launcher's own options and the defaults of the timeouts: what is measured is real. */
  Daemon asShipped() throws IOException {
    asShipped = true;
    settings.remove("election_timeout_min");
    settings.remove("election_timeout_max");
    writeConfig();
    return this;
  }

  /** The other nodes are told this address of it, and it goes on listening where it did. */
  Daemon reachedAt(String ip) throws IOException {
    address = ip;
    return set("bind_ip", host.ip()).set("node_ip", ip);
  }

  /** From the next start on, the virtual machine has a heap of so many MiB. */
  Daemon heap(int mb) {
    heap = " -Xmx" + mb + "m";
    return this;
  }

  /** The words of ADD that describe this node. */
  String words() {
    return id + " node" + id + " " + address + " " + ralePort + " " + dstorePort;
  }

  /**
   * ADD of this node, as JSON.
   *
   * @param patience what it may take; on a busy machine more than the server allows by itself
   */
  String addRequest(Duration patience) {
    return "{\"command\":\"ADD\",\"node_id\":%d,\"name\":\"node%d\",\"ip\":\"%s\",\"rale_port\":%d,\"dstore_port\":%d,\"timeout_ms\":%d}"
        .formatted(id, id, address, ralePort, dstorePort, patience.toMillis());
  }

  /** An element of cluster_members. */
  String founder() {
    return words().replace(' ', ':');
  }

  /** Starts the process and does not wait; what it logs is appended to what it logged before. */
  Daemon launch(String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of(RALED.toString(), "--config"));
    command.addAll(List.of(config().toString(), "--pid-file", pidFile().toString()));
    command.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(host.command(command)).directory(home.toFile());
    if (!asShipped) {
      Quick.environment(builder);
      builder.environment().merge("RALE_JAVA_OPTS", heap, String::concat);
    }
    process = builder.redirectError(Redirect.appendTo(errors().toFile())).start();
    return this;
  }

  /** Waits for the ready line. */
  Daemon awaitReady() throws IOException {
    String line = process.inputReader().readLine();
    if (!readyLine().equals(line)) {
      throw new AssertionError("not the ready line: " + line + "\nthe log:\n" + log());
    }
    return this;
  }

  String readyLine() {
    return "raled: node %d ready (rale %s:%d/udp, dstore %s:%d/tcp, control %s)"
        .formatted(id, host.ip(), ralePort, host.ip(), dstorePort, socket());
  }

  Daemon start() throws IOException {
    return launch().awaitReady();
  }

  /** For a start that must fail, or after a signal: waits for the end. */
  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  boolean isRunning() {
    return process != null && process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  Process process() {
    return process;
  }

  void signal(String name) throws IOException, InterruptedException {
    if (new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid()).start().waitFor() != 0) {
      throw new AssertionError("node " + id + " can't be sent " + name);
    }
  }

  /** As a power failure of the process: nothing of its own runs any more. */
  void kill9() throws IOException, InterruptedException {
    signal("KILL");
    process.waitFor();
  }

  /** All that it has logged. */
  String log() {
    try {
      return Files.exists(errors()) ? Files.readString(errors()) : "";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** What the process holds in memory, in MB. */
  long residentMb() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
      String line = lines.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1_000_000;
    }
  }

  Client connect() throws IOException {
    return connect(Until.PATIENCE);
  }

  /**
   * @param patience how long to wait for the connection, and for each reply
   */
  Client connect(Duration patience) throws IOException {
    return Client.tcp(host.ip(), dstorePort, patience);
  }

  /** One request over a connection of its own. */
  String ask(String line) throws IOException {
    return ask(line, Until.PATIENCE);
  }

  String ask(String line, Duration patience) throws IOException {
    try (Client client = connect(patience)) {
      return client.ask(line);
    }
  }

  /** The fields of STATUS. */
  Map<String, String> status() throws IOException {
    return status(Until.PATIENCE);
  }

  Map<String, String> status(Duration patience) throws IOException {
    String reply = ask("STATUS", patience);
    if (!reply.startsWith("STATUS: ")) {
      throw new AssertionError("no status: " + reply);
    }
    Map<String, String> fields = new HashMap<>();
    for (String field : reply.substring("STATUS: ".length()).split(", ")) {
      int equals = field.indexOf('=');
      fields.put(field.substring(0, equals), field.substring(equals + 1));
    }
    return fields;
  }

  boolean says(String field, String value) throws IOException {
    return value.equals(status().get(field));
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
  }
}
