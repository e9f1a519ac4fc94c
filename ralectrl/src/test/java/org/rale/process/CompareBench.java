package org.rale.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

  private final Path home;
  private final int keys;
  private final String seconds;
  private final String warmUp;
  private final String etcdLoad;
  private final List<CompareTable.Row> rows = new ArrayList<>();
  private final BenchCall call;

  private CompareBench(Path home, int keys, String seconds, String warmUp, String etcdLoad) {
    this.home = home;
    this.keys = keys;
    this.seconds = seconds;
    this.warmUp = warmUp;
    this.etcdLoad = etcdLoad;
    this.call = new BenchCall(home);
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
      if (!bench.call.isEnding()) {
        throw e;
      }
    }
  }

  /** At the end, at Ctrl-C and after a failure: no process and no file stays. */
  private void clean() {
    call.end();
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
    call.ask(rale(cluster.leader(), new Case("get", 256), "0", "0.1"));
    call.ask(etcdLoad(etcd.leaderPort(), new Case("fill", 256), "0", "0"));
    boolean etcdFirst = false;
    for (Case one : CASES) {
      if (one.isMeant(wanted)) {
        // Asked anew each time: leadership may have moved.
        List<String> ofRale = rale(cluster.leader(), one, warmUp, seconds);
        List<String> ofEtcd = etcdLoad(etcd.leaderPort(), one, warmUp, seconds);
        BenchCall.Speed first =
            speed(one, etcdFirst ? "etcd" : "RALE", etcdFirst ? ofEtcd : ofRale);
        BenchCall.Speed second =
            speed(one, etcdFirst ? "RALE" : "etcd", etcdFirst ? ofRale : ofEtcd);
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

  private static CompareTable.Row row(Case one, BenchCall.Speed rale, BenchCall.Speed etcd) {
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

  private BenchCall.Speed speed(Case one, String side, List<String> command) throws Exception {
    say(one.name() + ", " + side);
    JsonNode reply = call.ask(command);
    BenchCall.Speed speed = BenchCall.Speed.of(reply);
    if (speed.errors() > 0) {
      say(one.name() + ", " + side + ": " + speed.errors() + " errors: " + reply);
    }
    return speed;
  }

  private List<String> rale(Daemon node, Case one, String warmUp, String seconds) {
    return BenchCall.bench(
        node,
        one.operation(),
        "--keys",
        keys,
        "--value-size",
        VALUE_BYTES,
        "--outstanding",
        one.outstanding(),
        "--connections",
        one.connections(),
        "--warm-up",
        warmUp,
        "--seconds",
        seconds);
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
}
