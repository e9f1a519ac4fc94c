package org.rale.raled;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rale.raled.config.ConfigReader;
import org.rale.raled.config.Loaded;
import org.rale.raled.config.NodeConfig;
import org.rale.raled.log.Logs;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The way in: options, configuration, and then either a check or a {@link Daemon}. */
public final class Main {
  /**
   * Set by scripts/raled when it has put this process into the background. A virtual machine can't
   * fork, so --daemon without it is refused.
   */
  static final String DETACHED_PROPERTY = "rale.detached";

  private final Map<String, String> environment;
  private final ConfigSearch search;
  private final Function<NodeConfig, Node> nodes;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * @param environment of the process
   * @param nodes makes the node, which opens nothing before {@link Node#start}
   */
  Main(
      Map<String, String> environment,
      ConfigSearch search,
      Function<NodeConfig, Node> nodes,
      PrintStream out,
      PrintStream err) {
    this.environment = environment;
    this.search = search;
    this.nodes = nodes;
    this.out = out;
    this.err = err;
  }

  /** Ends with one of {@link ExitCode}. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    Map<String, String> environment = System.getenv();
    ConfigSearch search = ConfigSearch.of(environment, System.getProperty("user.home", ""));
    // Threads that are not daemons may be left after a failed start: they must not keep us.
    System.exit(new Main(environment, search, RaleNode::new, out, err).run(args));
  }

  /** All that main does, but the exit. */
  int run(String... args) {
    Options options = new Options();
    CommandLine commandLine =
        new CommandLine(options).setAllowOptionsAsOptionParameters(false).setUsageHelpWidth(80);
    try {
      commandLine.parseArgs(args);
    } catch (ParameterException e) {
      return usage(e.getMessage());
    }
    if (options.help) {
      commandLine.usage(out);
      return ExitCode.OK;
    }
    if (options.version) {
      String version = Main.class.getPackage().getImplementationVersion();
      out.println("raled " + (version == null ? "(not packed)" : version));
      return ExitCode.OK;
    }
    boolean detached = Boolean.getBoolean(DETACHED_PROPERTY);
    if (options.daemon && options.foreground) {
      return usage("--daemon and --foreground exclude each other");
    }
    if (options.daemon && !options.check && !detached) {
      return usage("--daemon is the work of the launcher: start scripts/raled, not the jar");
    }
    return configured(options, new Logs.Mode(options.verbose, detached));
  }

  private int usage(@Nullable String message) {
    err.println("raled: " + message);
    err.println("Try 'raled --help' for more information.");
    return ExitCode.USAGE;
  }

  private int configured(Options options, Logs.Mode logMode) {
    Optional<Path> file = Optional.ofNullable(options.config).or(search::find);
    if (file.isEmpty()) {
      return usage("no --config given, and none of these exists: " + search.places());
    }
    Loaded loaded = ConfigReader.read(file.get(), environment);
    loaded.problems().forEach(problem -> err.println(problem.render()));
    if (loaded.config().isEmpty()) {
      int errors = loaded.errors().size();
      err.println(
          "raled: " + errors + (errors == 1 ? " error" : " errors") + " in the configuration");
      return ExitCode.USAGE;
    }
    NodeConfig config = loaded.config().get();
    Path pidFile =
        Optional.ofNullable(options.pidFile)
            .orElseGet(() -> PidFile.defaultPath(config.ralePort()));
    if (options.check) {
      return check(file.get(), config, pidFile);
    }
    return serve(file.get(), config, pidFile, logMode);
  }

  private int check(Path file, NodeConfig config, Path pidFile) {
    out.println("ok      configuration " + file);
    // As a start would end that finds the same: the configuration is well, the machine is not.
    return Preflight.check(config, pidFile, out) ? ExitCode.OK : ExitCode.FAILED;
  }

  private int serve(Path file, NodeConfig config, Path pidFile, Logs.Mode logMode) {
    Logs logs = Logs.ofProcess(logMode);
    try {
      logs.apply(config);
    } catch (IOException e) {
      err.println("raled: " + e.getMessage());
      return ExitCode.FAILED;
    }
    try {
      LastResort.install(logs::close);
      Daemon daemon = new Daemon(file, environment, config, nodes.apply(config), logs);
      return daemon.run(pidFile, out, err);
    } finally {
      logs.close();
    }
  }
}
