package org.rale.raled.rejoin;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rale.raft.Member;

/**
 * Where a node takes clients.
 *
 * @param host without brackets
 */
public record Server(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([^\\]]+)]|([^:\\[\\]]+)):([0-9]{1,5})");
  private static final int MAX_PORT = 65_535;

  static Server of(Member member) {
    return new Server(member.host(), member.dstorePort());
  }

  /**
   * Reads {@code HOST:PORT[,HOST:PORT...]}, IPv6 in brackets.
   *
   * @throws IllegalArgumentException with a sentence for people
   */
  public static List<Server> parse(String text) {
    List<Server> servers = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      Matcher parts = FORM.matcher(one.strip());
      int port = parts.matches() ? Integer.parseInt(parts.group(3)) : 0;
      if (port < 1 || port > MAX_PORT) {
        throw new IllegalArgumentException(
            "\"" + one.strip() + "\" is no server: expected HOST:PORT, IPv6 in brackets");
      }
      String ipv6 = parts.group(1);
      servers.add(new Server(ipv6 == null ? parts.group(2) : ipv6, port));
    }
    return servers;
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
