package org.rale.ralectrl.commands;

import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.output.Failure;
import org.rale.ralectrl.output.Output.Format;
import picocli.CommandLine.Option;

/**
 * The options that stand before or after the command. All are texts here: what they mean is judged
 * in one place, with messages in this program's words.
 */
public final class GlobalOptions {
  @Option(
      names = {"-s", "--server"},
      paramLabel = "HOST:PORT[,...]",
      description = "Servers to ask, tried in turn; IPv6 addresses in brackets.")
  @Nullable String server;

  @Option(
      names = {"-H", "--host"},
      paramLabel = "HOST",
      description = "The server's host, without a port (127.0.0.1).")
  @Nullable String host;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "The server's DStore port (7401).")
  @Nullable String port;

  @Option(
      names = {"-S", "--socket"},
      paramLabel = "PATH",
      description = "A node's control socket.")
  @Nullable String socket;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "A node's configuration: its control socket is used.")
  @Nullable String config;

  @Option(
      names = {"-t", "--timeout"},
      paramLabel = "SECONDS",
      description = "How long to wait in all (5; ADD, START, STOP and WAIT: 60).")
  @Nullable String timeout;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      description = "How results and failures look (text).")
  @Nullable String output;

  @Option(
      names = {"-k", "--api-key"},
      paramLabel = "KEY",
      description = "Has no effect, and says so: no server asks for a key.")
  @Nullable String apiKey;

  @Option(
      names = {"-h", "--help"},
      description = "Show help, for a command behind one, and end.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      description = "Show the version, and end.")
  boolean version;

  /** How results and failures shall look. */
  public Format format() throws Failure {
    return switch (output == null ? "text" : output) {
      case "text" -> Format.TEXT;
      case "json" -> Format.JSON;
      default ->
          throw Failure.usage(
              "invalid value for --output: \"%s\"".formatted(output), "Give text or json.");
    };
  }

  public boolean hasApiKey() {
    return apiKey != null;
  }

  public boolean help() {
    return help;
  }

  public boolean version() {
    return version;
  }

  /** What was given behind the command counts over what was given before it. */
  public GlobalOptions overlaidBy(GlobalOptions later) {
    GlobalOptions merged = new GlobalOptions();
    // Where to ask is one choice: the later one replaces the earlier as a whole.
    GlobalOptions where = later.namesServer() ? later : this;
    merged.server = where.server;
    merged.host = where.host;
    merged.port = where.port;
    merged.socket = where.socket;
    merged.config = where.config;
    merged.timeout = later.timeout != null ? later.timeout : timeout;
    merged.output = later.output != null ? later.output : output;
    merged.apiKey = later.apiKey != null ? later.apiKey : apiKey;
    merged.help = help || later.help;
    merged.version = version || later.version;
    return merged;
  }

  private boolean namesServer() {
    return server != null || host != null || port != null || socket != null || config != null;
  }
}
