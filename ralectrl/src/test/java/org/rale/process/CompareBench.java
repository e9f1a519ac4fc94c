package org.rale.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * scripts/bench/compare: RALE and etcd in one run. Both clusters stand all the time, and their
 * turns alternate, so that other load on the machine meets both. Launcher and configuration are as
 * shipped.
 */
final class CompareBench {
  private static final int VALUE_BYTES = 256;

  /** Seconds for each of what the machine allows. */
  private static final double LONGEST_LIMIT = 3;

  private static final String RALECTRL =
      Path.of("../scripts/ralectrl").toAbsolutePath().normalize().toString();

  private static final List<Case> CASES =
      List.of(
          new Case("put", 1),
          new Case("put", 16),
          new Case("put", 64),
          new Case("put", 256),
          new Case("get", 1),
          new Case("get", 16),
          new Case("get", 64),
          new Case("get", 256),
          new Case("local", 1),
          new Case("local", 256),
          new Case("mix", 16),
          new Case("mix", 256),
          new Case("mix", 256, 16));

  /**
   * @param connections of RALE's client. One connection keeps an order: a change waits for the
   *     reads before it, and a read for the changes. That of etcd has none to keep, and is always
   *     one
   */
  private record Case(String operation, int outstanding, int connections) {
    Case(String operation, int outstanding) {
      this(operation, outstanding, 1);
    }

    String name() {
      return operation + "-" + outstanding + (connections == 1 ? "" : "-" + connections);
    }

    /** What the table calls it. */
    String label() {
      return connections == 1 ? operation : operation + "/" + connections;
    }

    boolean isMeant(String wanted) {
      return wanted.equals("all") || wanted.equals(operation) || wanted.equals(name());
    }
  }

  /** Of one side, in one case; milliseconds. */
  private record Speed(double rate, double p50, double p99) {}

  private final Path home;
  private final int keys;
  private final String seconds;
  private final String warmUp;
  private final String etcdLoad;
  private final List<CompareTable.Row> rows = new ArrayList<>();

  /** The process ends: what fails now fails because of that. */
  private volatile boolean ending;

  private CompareBench(Path home, int keys, String seconds, String warmUp, String etcdLoad) {
    this.home = home;
    this.keys = keys;
    this.seconds = seconds;
    this.warmUp = warmUp;
    this.etcdLoad = etcdLoad;
  }

  /**
   * @param args the case, or all; keys; seconds of each turn; seconds of warm-up before; text or
   *     json; the class path of EtcdLoad
   */
  public static void main(String[] args) throws Exception {
    String wanted = args[0];
    if (CASES.stream().noneMatch(each -> each.isMeant(wanted))) {
      System.err.println("compare: there is no case \"" + wanted + "\"; they are:");
      CASES.forEach(each -> System.err.println("  " + each.name()));
      System.exit(2);
    }
    Path home = Files.createTempDirectory("rale");
    CompareBench bench =
        new CompareBench(home, Integer.parseInt(args[1]), args[2], args[3], args[5]);
    Runtime.getRuntime().addShutdownHook(new Thread(bench::clean, "compare-clean"));
    try {
      bench.run(wanted, args[4].equals("json"));
    } catch (IOException e) {
      if (!bench.ending) {
        throw e;
      }
    }
  }

  /** At the end, at Ctrl-C and after a failure: no process and no file stays. */
  private void clean() {
    ending = true;
    List<ProcessHandle> left = ProcessHandle.current().descendants().toList();
    while (!left.isEmpty()) {
      left.forEach(ProcessHandle::destroyForcibly);
      left.forEach(each -> each.onExit().join());
      left = ProcessHandle.current().descendants().toList();
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      say(home + " could not be deleted: " + e.getMessage());
    }
  }

  private void run(String wanted, boolean json) throws Exception {
    Cluster cluster = Cluster.of(home);
    Etcd etcd = new Etcd(home);
    double each = Double.parseDouble(seconds);
    String files = Files.getFileStore(home).type();
    say("measuring the machine; files are in " + home + " (" + files + ")");
    if (files.equals("tmpfs")) {
      say(
          "warning: that is memory, where a sync costs nothing: set TMPDIR to a directory on a"
              + " disk");
    }
    MachineLimits before = MachineLimits.measure(home, Math.min(LONGEST_LIMIT, each));
    say("starting three nodes of each, and filling " + keys + " keys");
    for (Daemon node : cluster.nodes) {
      node.asShipped();
    }
    cluster.form().whole();
    etcd.start();
    String rale = "127.0.0.1:" + cluster.leader().dstorePort;
    ask(ralectrl(rale, new Case("get", 256), "0", "0.1"));
    ask(etcdLoad(etcd.leaderPort(), new Case("fill", 256), "0", "0"));
    boolean etcdFirst = false;
    for (Case one : CASES) {
      if (one.isMeant(wanted)) {
        // Asked anew each time: leadership may have moved.
        String leader = "127.0.0.1:" + cluster.leader().dstorePort;
        List<String> ofRale = ralectrl(leader, one, warmUp, seconds);
        List<String> ofEtcd = etcdLoad(etcd.leaderPort(), one, warmUp, seconds);
        Speed first = speed(one, etcdFirst ? "etcd" : "RALE", etcdFirst ? ofEtcd : ofRale);
        Speed second = speed(one, etcdFirst ? "RALE" : "etcd", etcdFirst ? ofRale : ofEtcd);
        rows.add(row(one, etcdFirst ? second : first, etcdFirst ? first : second));
        etcdFirst = !etcdFirst;
      }
    }
    say("measuring the machine once more");
    MachineLimits after = MachineLimits.measure(home, Math.min(LONGEST_LIMIT, each));
    MachineLimits limits = before.better(after);
    CompareTable table = new CompareTable(limits, Etcd.version(), VALUE_BYTES, keys, each, rows);
    System.out.println(json ? table.json() : table.text());
  }

  private static void say(String what) {
    System.err.println("compare: " + what);
  }

  private static CompareTable.Row row(Case one, Speed rale, Speed etcd) {
    return new CompareTable.Row(
        one.label(),
        one.outstanding(),
        rale.rate(),
        rale.p50(),
        rale.p99(),
        etcd.rate(),
        etcd.p50(),
        etcd.p99());
  }

  private Speed speed(Case one, String side, List<String> command) throws Exception {
    say(one.name() + ", " + side);
    JsonNode reply = ask(command);
    long errors = reply.get("errors").longValue();
    if (errors > 0) {
      say(one.name() + ", " + side + ": " + errors + " errors: " + reply);
    }
    JsonNode latency = reply.get("latency_ms");
    return new Speed(
        reply.get("operations_per_second").doubleValue(),
        latency.get("p50").doubleValue(),
        latency.get("p99").doubleValue());
  }

  private List<String> ralectrl(String server, Case one, String warmUp, String seconds) {
    List<String> command = new ArrayList<>(List.of(RALECTRL, "--server", server, "BENCH"));
    command.addAll(List.of(one.operation(), "--output", "json", "--keys", "" + keys));
    command.addAll(List.of("--value-size", "" + VALUE_BYTES));
    command.addAll(List.of("--outstanding", "" + one.outstanding()));
    command.addAll(List.of("--connections", "" + one.connections()));
    command.addAll(List.of("--warm-up", warmUp, "--seconds", seconds));
    return command;
  }

  private List<String> etcdLoad(int port, Case one, String warmUp, String seconds) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    // As scripts/ralectrl: one collector, no file of statistics, half a gigabyte.
    List<String> command = new ArrayList<>(List.of(java.toString(), "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:-UsePerfData", "-Xmx512m", "-cp", etcdLoad, "EtcdLoad"));
    command.addAll(List.of("127.0.0.1", "" + port, one.operation(), "" + keys));
    command.addAll(List.of("" + VALUE_BYTES, "" + one.outstanding(), warmUp, seconds));
    return command;
  }

  private JsonNode ask(List<String> command) throws Exception {
    Path errors = home.resolve("stderr");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    if (ending) {
      throw new IOException("the run was ended");
    }
    Process client = builder.start();
    String out = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (client.waitFor() != 0) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: exit code %d%n%s%s",
              String.join(" ", command),
              client.exitValue(),
              out,
              Files.readString(errors)));
    }
    return new ObjectMapper().readTree(out);
  }
}
