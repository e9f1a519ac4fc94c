package org.rale.ralectrl.commands;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.output.Failure;
import org.rale.ralectrl.output.Output.Format;

/**
 * The options that stand before or after the command; what was given behind it counts over what was
 * given before it. All are texts here: what they mean is judged in one place, with messages in this
 * program's words.
 *
 * @param before what was given before the command
 * @param behind what was given behind it
 */
public record GlobalOptions(Arguments before, Arguments behind) {
  private static final Option SERVER =
      Option.text(
          "HOST:PORT[,...]",
          "Servers to ask, tried in turn; IPv6 addresses in brackets.",
          "-s",
          "--server");
  private static final Option HOST =
      Option.text("HOST", "The server's host, without a port (127.0.0.1).", "-H", "--host");
  private static final Option PORT =
      Option.text("PORT", "The server's DStore port (7401).", "-p", "--port");
  private static final Option SOCKET =
      Option.text("PATH", "A node's control socket.", "-S", "--socket");
  private static final Option CONFIG =
      Option.text("FILE", "A node's configuration: its control socket is used.", "-c", "--config");
  private static final Option TIMEOUT =
      Option.text(
          "SECONDS",
          "How long to wait in all (5; ADD, START, STOP and WAIT: 60).",
          "-t",
          "--timeout");
  private static final Option OUTPUT =
      Option.text("text|json", "How results and failures look (text).", "-o", "--output");
  private static final Option API_KEY =
      Option.text(
          "KEY", "Has no effect, and says so: no server asks for a key.", "-k", "--api-key");
  private static final Option HELP =
      Option.flag("Show help, for a command behind one, and end.", "-h", "--help");
  private static final Option VERSION =
      Option.flag("Show the version, and end.", "-V", "--version");

  static final List<Option> ALL =
      List.of(SERVER, HOST, PORT, SOCKET, CONFIG, TIMEOUT, OUTPUT, API_KEY, HELP, VERSION);

  @Nullable String server() {
    return where().text(SERVER);
  }

  @Nullable String host() {
    return where().text(HOST);
  }

  @Nullable String port() {
    return where().text(PORT);
  }

  @Nullable String socket() {
    return where().text(SOCKET);
  }

  @Nullable String config() {
    return where().text(CONFIG);
  }

  @Nullable String timeout() {
    return text(TIMEOUT);
  }

  /** How results and failures shall look. */
  public Format format() throws Failure {
    String output = text(OUTPUT);
    return switch (output == null ? "text" : output) {
      case "text" -> Format.TEXT;
      case "json" -> Format.JSON;
      default ->
          throw Failure.usage(
              "invalid value for --output: \"%s\"".formatted(output), "Give text or json.");
    };
  }

  public boolean hasApiKey() {
    return has(API_KEY);
  }

  public boolean help() {
    return has(HELP);
  }

  public boolean version() {
    return has(VERSION);
  }

  /** Where to ask is one choice: the later one replaces the earlier as a whole. */
  private Arguments where() {
    return namesServer(behind) ? behind : before;
  }

  private static boolean namesServer(Arguments given) {
    return given.has(SERVER)
        || given.has(HOST)
        || given.has(PORT)
        || given.has(SOCKET)
        || given.has(CONFIG);
  }

  private @Nullable String text(Option option) {
    return behind.has(option) ? behind.text(option) : before.text(option);
  }

  private boolean has(Option option) {
    return before.has(option) || behind.has(option);
  }
}
