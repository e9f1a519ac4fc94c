package org.rale.process;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a node runs.
 *
 * @param ip its address there
 * @param entry the words in front of a command that let it run there
 */
record Host(String ip, List<String> entry) {
  static final Host LOOPBACK = new Host("127.0.0.1", List.of());

  Host {
    entry = List.copyOf(entry);
  }

  static Host namespace(String name, String ip) {
    return new Host(ip, List.of("ip", "netns", "exec", name));
  }

  List<String> command(List<String> words) {
    List<String> all = new ArrayList<>(entry);
    all.addAll(words);
    return all;
  }
}
