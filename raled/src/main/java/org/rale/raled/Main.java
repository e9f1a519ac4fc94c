package org.rale.raled;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rale.raled.config.ConfigReader;
import org.rale.raled.config.Loaded;
import org.rale.raled.config.NodeConfig;
import org.rale.raled.log.Logs;
import org.rale.raled.rejoin.Server;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The way in: options, configuration, and then either a check or a {@link Daemon}. */
public final class Main {
  /**
   * Set by scripts/raled when it has put this process into the background. A virtual machine can't
   * fork, so --daemon without it is refused.
   */
  static final String DETACHED_PROPERTY = "rale.detached";

  /** Set by scripts/raled when somebody sits at standard input and standard error. */
  static final String TERMINAL_PROPERTY = "rale.terminal";

  private final Map<String, String> environment;
  private final ConfigSearch search;
  private final Function<NodeConfig, Node> nodes;
  private final @Nullable BufferedReader terminal;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * @param environment of the process
   * @param nodes makes the node, which opens nothing before {@link Node#start}
   * @param terminal what somebody types who can be asked; null where nobody can
   */
  Main(
      Map<String, String> environment,
      ConfigSearch search,
      Function<NodeConfig, Node> nodes,
      @Nullable BufferedReader terminal,
      PrintStream out,
      PrintStream err) {
    this.environment = environment;
    this.search = search;
    this.nodes = nodes;
    this.terminal = terminal;
    this.out = out;
    this.err = err;
  }

  /** Ends with one of {@link ExitCode}. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    Map<String, String> environment = System.getenv();
    ConfigSearch search = ConfigSearch.of(environment, System.getProperty("user.home", ""));
    BufferedReader terminal =
        Boolean.getBoolean(TERMINAL_PROPERTY)
            ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
            : null;
    // Threads that are not daemons may be left after a failed start: they must not keep us.
    System.exit(new Main(environment, search, RaleNode::new, terminal, out, err).run(args));
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
    String clash = clash(options);
    if (clash != null) {
      return usage(clash);
    }
    Function<NodeConfig, Node> made = nodes;
    if (options.rejoin) {
      try {
        List<Server> servers = options.server == null ? List.of() : Server.parse(options.server);
        made = config -> new RejoiningNode(config, servers, nodes);
      } catch (IllegalArgumentException e) {
        return usage(e.getMessage());
      }
    }
    return configured(options, new Logs.Mode(options.verbose, detached), made);
  }

  /** Which options do not go together, or null. */
  private static @Nullable String clash(Options options) {
    long ways =
        Stream.of(options.rejoin, options.restore != null, options.forceNewCluster)
            .filter(given -> given)
            .count();
    if (ways > 1) {
      return "--rejoin, --restore and --force-new-cluster exclude each other";
    }
    if (options.check && ways > 0) {
      return "--check changes nothing: it goes without --rejoin, --restore and --force-new-cluster";
    }
    if (options.server != null && !options.rejoin) {
      return "--server goes with --rejoin";
    }
    return options.confirm != null && !options.forceNewCluster
        ? "--confirm goes with --force-new-cluster"
        : null;
  }

  private int usage(@Nullable String message) {
    err.println("raled: " + message);
    err.println("Try 'raled --help' for more information.");
    return ExitCode.USAGE;
  }

  private int configured(Options options, Logs.Mode logMode, Function<NodeConfig, Node> made) {
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
    int begun = begin(options, config);
    return begun == ExitCode.OK ? serve(file.get(), config, pidFile, logMode, made) : begun;
  }

  /** Gives the node the file of a new cluster, where that is asked for. */
  private int begin(Options options, NodeConfig config) {
    FreshStart fresh = new FreshStart(config, terminal, err);
    if (options.restore != null) {
      return fresh.restore(options.restore);
    }
    return options.forceNewCluster ? fresh.force(options.confirm) : ExitCode.OK;
  }

  private int check(Path file, NodeConfig config, Path pidFile) {
    out.println("ok      configuration " + file);
    // As a start would end that finds the same: the configuration is well, the machine is not.
    return Preflight.check(config, pidFile, out) ? ExitCode.OK : ExitCode.FAILED;
  }

  private int serve(
      Path file,
      NodeConfig config,
      Path pidFile,
      Logs.Mode logMode,
      Function<NodeConfig, Node> made) {
    Logs logs = Logs.ofProcess(logMode);
    try {
      logs.apply(config);
    } catch (IOException e) {
      err.println("raled: " + e.getMessage());
      return ExitCode.FAILED;
    }
    try {
      LastResort.install(logs::close);
      Daemon daemon = new Daemon(file, environment, config, made.apply(config), logs);
      return daemon.run(pidFile, out, err);
    } finally {
      logs.close();
    }
  }
}
