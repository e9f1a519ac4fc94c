package org.rale.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The network between nodes that have a namespace each: who does not reach whom, and over what.
 * Packets are dropped where they arrive, by the chain that scripts/chaos made there, so a cut has a
 * direction. On loopback nothing can be cut.
 */
final class Net {
  /** What of the traffic does not pass. */
  enum What {
    ALL("", "all"),
    UDP("meta l4proto udp ", "UDP"),
    TCP("meta l4proto tcp ", "TCP");

    private final String match;
    final String word;

    What(String match, String word) {
      this.match = match;
      this.word = word;
    }
  }

  /** Packets of one node that the other does not get. */
  record Cut(Daemon from, Daemon to, What what) {}

  private static final String CHAIN = "inet chaos input";

  private final Set<Cut> cuts = new LinkedHashSet<>();

  /** Between each of the one side and each of the other, in both directions. */
  static List<Cut> between(Collection<Daemon> some, Collection<Daemon> others, What what) {
    List<Cut> both = new ArrayList<>(oneWay(some, others, what));
    both.addAll(oneWay(others, some, what));
    return both;
  }

  static List<Cut> oneWay(Collection<Daemon> from, Collection<Daemon> to, What what) {
    List<Cut> cuts = new ArrayList<>();
    for (Daemon sender : from) {
      for (Daemon receiver : to) {
        if (sender != receiver) {
          cuts.add(new Cut(sender, receiver, what));
        }
      }
    }
    return cuts;
  }

  /** In addition to what is cut already. */
  void cut(Collection<Cut> more) throws IOException, InterruptedException {
    cuts.addAll(more);
    apply(more);
  }

  void heal() throws IOException, InterruptedException {
    List<Cut> healed = List.copyOf(cuts);
    cuts.clear();
    apply(healed);
  }

  private void apply(Collection<Cut> changed) throws IOException, InterruptedException {
    for (Daemon receiver : new LinkedHashSet<>(changed.stream().map(Cut::to).toList())) {
      StringBuilder rules = new StringBuilder("flush chain " + CHAIN + "\n");
      for (Cut cut : cuts) {
        if (cut.to() == receiver) {
          rules.append("add rule %s ip saddr ".formatted(CHAIN)).append(cut.from().host.ip());
          rules.append(' ').append(cut.what().match).append("drop\n");
        }
      }
      nft(receiver.host, rules.toString());
    }
  }

  /** All lines take effect at once, or none. */
  private static void nft(Host host, String rules) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(host.command(List.of("nft", "-f", "-")))
            .redirectErrorStream(true)
            .start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(rules.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("nft refuses\n" + rules + "at " + host.ip() + ": " + said);
    }
  }
}
