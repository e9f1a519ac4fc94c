package org.rale.raled.config;

import io.netty.util.NetUtil;
import java.util.regex.Pattern;
import org.rale.settings.BadValueException;

/** Addresses: IPv4, IPv6 with or without brackets, or a host name. Nothing is looked up here. */
final class Hosts {
  private static final int MAX_HOST_CHARS = 253;

  /** RFC 1123, and the underscore that container tools put into names. */
  private static final Pattern HOST_NAME =
      Pattern.compile(
          "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
              + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*");

  /** A name never ends in a number, so what does is a mistyped IPv4 address. */
  private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(.*\\.)?[0-9]+");

  private static final Pattern WILDCARD = Pattern.compile("0\\.0\\.0\\.0|[0:]+");
  private static final String EXPECTED = "an IPv4 address, an IPv6 address or a host name";

  /** An address that others connect to, so not the wildcard. */
  static final Kind<String> PEER =
      new Kind<>(
          String.class,
          EXPECTED,
          EXPECTED,
          text -> {
            String host = parse(text);
            if (isWildcard(host)) {
              throw new BadValueException(
                  "Peers can't connect to "
                      + host
                      + ": expected the address under which they reach this node. To listen on all"
                      + " addresses, set bind_ip.");
            }
            return host;
          });

  /** An address to listen on. */
  static final Kind<String> LISTEN = new Kind<>(String.class, EXPECTED, EXPECTED, Hosts::parse);

  private Hosts() {}

  static boolean isWildcard(String host) {
    return WILDCARD.matcher(host).matches();
  }

  /** Gives the address without brackets. */
  static String parse(String text) throws BadValueException {
    if (text.startsWith("[") && text.endsWith("]")) {
      String inner = text.substring(1, text.length() - 1);
      if (NetUtil.isValidIpV6Address(inner)) {
        return inner;
      }
      throw new BadValueException();
    }
    if (NetUtil.isValidIpV6Address(text) || NetUtil.isValidIpV4Address(text)) {
      return text;
    }
    if (text.length() > MAX_HOST_CHARS
        || ENDS_IN_NUMBER.matcher(text).matches()
        || !HOST_NAME.matcher(text).matches()) {
      throw new BadValueException();
    }
    return text;
  }
}
