package org.rale.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a node runs.
 *
 * @param ip its address there
 * @param entry the words in front of a command that let it run there
 */
record Host(String ip, List<String> entry) {
  static final Host LOOPBACK = new Host("127.0.0.1", hearingInt());

  Host {
    entry = List.copyOf(entry);
  }

  static Host namespace(String name, String ip) {
    return new Host(ip, List.of("ip", "netns", "exec", name));
  }

  /**
   * What nohup starts, or a shell in its background, ignores INT, and so does all that it starts
   * itself, unless it is told otherwise. GNU coreutils have had that since 8.31.
   */
  private static List<String> hearingInt() {
    List<String> words = List.of("env", "--default-signal=INT,HUP");
    List<String> trial = new ArrayList<>(words);
    trial.add("true");
    try {
      boolean known = new ProcessBuilder(trial).redirectErrorStream(true).start().waitFor() == 0;
      return known ? words : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  List<String> command(List<String> words) {
    List<String> all = new ArrayList<>(entry);
    all.addAll(words);
    return all;
  }
}
