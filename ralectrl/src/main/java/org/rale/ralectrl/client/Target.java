package org.rale.ralectrl.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rale.ralectrl.output.Failure;

/** A server to ask. Its text is what messages call it, and for TCP what the user writes. */
public sealed interface Target {
  int DEFAULT_PORT = 7401;
  String DEFAULT_HOST = "127.0.0.1";

  /** A control socket. */
  record Unix(Path path) implements Target {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * A DStore port.
   *
   * @param host a name or an address, without brackets
   */
  record Tcp(String host, int port) implements Target {
    @Override
    public String toString() {
      return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
  }

  /**
   * Reads {@code HOST:PORT[,HOST:PORT...]}; an IPv6 address stands in brackets, and a missing port
   * is the default one.
   *
   * @param source what the text was given as, for messages: {@code --server}
   */
  static List<Target> parseList(String text, String source) throws Failure {
    List<Target> targets = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      targets.add(parse(item.strip(), source));
    }
    return List.copyOf(targets);
  }

  private static Tcp parse(String text, String source) throws Failure {
    String host;
    String rest;
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      if (close < 0) {
        throw malformed(text, source, "the bracket is not closed");
      }
      host = text.substring(1, close);
      rest = text.substring(close + 1);
    } else {
      int colon = text.indexOf(':');
      host = colon < 0 ? text : text.substring(0, colon);
      rest = colon < 0 ? "" : text.substring(colon);
      if (rest.indexOf('/') >= 0) {
        throw malformed(text, source, "a server is named without a scheme or a path");
      }
      if (rest.lastIndexOf(':') > 0) {
        throw malformed(text, source, "an IPv6 address stands in brackets");
      }
    }
    if (host.isEmpty()) {
      throw malformed(text, source, "the host is missing");
    }
    if (rest.isEmpty()) {
      return new Tcp(host, DEFAULT_PORT);
    }
    if (rest.charAt(0) != ':') {
      throw malformed(text, source, "only a port can follow the bracket");
    }
    return new Tcp(host, port(text, rest.substring(1), source));
  }

  private static int port(String text, String digits, String source) throws Failure {
    if (digits.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(digits);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    }
    throw malformed(text, source, "a port is a number from 1 to 65535");
  }

  private static Failure malformed(String text, String source, String why) {
    return Failure.usage(
        "%s: \"%s\" is not a server: %s".formatted(source, text, why),
        "Write HOST:PORT[,HOST:PORT...], for example 10.0.0.1:7401 or [::1]:7401.");
  }
}
