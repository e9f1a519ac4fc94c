package org.rale.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * scripts/torture: three daemons under load; each round kills one or all of them at a random
 * moment, starts them again, and reads every acknowledged write.
 */
final class Torture {
  private static final int CLIENTS = 6;
  private static final int FULL_LOAD_MS = 1000;

  private final Cluster cluster;
  private final Ledger ledger = new Ledger();
  private final Random random;
  private int allKilled;
  private int leadersKilled;

  private Torture(Cluster cluster, long seed) {
    this.cluster = cluster;
    this.random = new Random(seed);
  }

  /**
   * @param args how many rounds, and the seed of what is killed when
   */
  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    long seed = Long.parseLong(args[1]);
    Path home = Files.createTempDirectory("rale");
    System.out.println("torture: seed " + seed + ", directory " + home);
    List<String> faults;
    try (Cluster cluster = Cluster.formed(home)) {
      faults = new Torture(cluster, seed).run(rounds);
    }
    faults.forEach(fault -> System.out.println("FAULT: " + fault));
    if (faults.isEmpty()) {
      delete(home);
    }
    System.exit(faults.isEmpty() ? 0 : 1);
  }

  private static void delete(Path home) throws Exception {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private List<String> run(int rounds) throws Exception {
    List<Writer> writers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Writer writer = new Writer(i, cluster.nodes, ledger, new Random(random.nextLong()));
      writers.add(writer);
      threads.add(new Thread(writer, "writer-" + i));
    }
    threads.forEach(Thread::start);
    int done = 0;
    try {
      while (done < rounds && ledger.faults().isEmpty()) {
        done++;
        round(done);
      }
    } finally {
      writers.forEach(Writer::stop);
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(60));
      }
    }
    int keys = check();
    System.out.printf(
        Locale.ROOT,
        "torture: %d rounds (%d killed all, %d the leader alone); %s; %d keys; %s%n",
        done,
        allKilled,
        leadersKilled,
        ledger.counts(),
        keys,
        ledger.faults().isEmpty() ? "nothing was lost" : ledger.faults().size() + " FAULTS");
    return ledger.faults();
  }

  private void round(int number) throws Exception {
    load();
    List<Daemon> victims = victims();
    long before = System.nanoTime();
    for (Daemon victim : victims) {
      victim.signal("KILL");
    }
    for (Daemon victim : victims) {
      victim.exitCode();
    }
    if (victims.size() == 1 && random.nextBoolean()) {
      // Half of the time the others are seen to go on without it.
      cluster.leader();
      load();
    }
    cluster.whole();
    long wholeMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
    long leastAcknowledged = ledger.acknowledgements();
    Until.holds("writes go on", () -> ledger.acknowledgements() > leastAcknowledged);
    int keys = check();
    System.out.printf(
        Locale.ROOT,
        "round %d: killed %s, whole again after %d ms; %s; %d keys read%n",
        number,
        victims.stream().map(victim -> "" + victim.id).toList(),
        wholeMs,
        ledger.counts(),
        keys);
  }

  /** Lets the clients write for a random time: the moment of the kill is what is drawn here. */
  private void load() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(FULL_LOAD_MS));
  }

  private List<Daemon> victims() {
    int kind = random.nextInt(3);
    if (kind == 0) {
      allKilled++;
      return cluster.nodes;
    }
    if (kind == 1) {
      leadersKilled++;
      return List.of(cluster.leader());
    }
    return List.of(cluster.nodes.get(random.nextInt(cluster.nodes.size())));
  }

  private int check() throws Exception {
    try (Client client = cluster.nodes.get(random.nextInt(cluster.nodes.size())).connect()) {
      return ledger.check(client);
    }
  }
}
