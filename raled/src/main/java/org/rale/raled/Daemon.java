package org.rale.raled;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rale.raled.config.ConfigReader;
import org.rale.raled.config.Loaded;
import org.rale.raled.config.NodeConfig;
import org.rale.raled.config.Reload;
import org.rale.raled.log.Logs;
import org.rale.settings.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of the process around its node: PID file, signals, the ready line, the end. */
final class Daemon {
  private static final Logger log = LoggerFactory.getLogger(Daemon.class);

  private final Path file;
  private final Map<String, String> environment;
  private final Node node;
  private final Logs logs;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private NodeConfig config;

  /**
   * @param file which a reload reads again
   * @param logs already set up for the configuration
   */
  Daemon(Path file, Map<String, String> environment, NodeConfig config, Node node, Logs logs) {
    this.file = file;
    this.environment = environment;
    this.config = config;
    this.node = node;
    this.logs = logs;
  }

  /** Runs the node to its end; returns one of {@link ExitCode}. */
  int run(Path pidFile, PrintStream out, PrintStream err) {
    PidFile pid;
    try {
      pid = PidFile.create(pidFile, ProcessHandle.current().pid());
    } catch (PidFile.RefusedException e) {
      return failed(ExitCode.FAILED, e.getMessage(), err);
    } catch (IOException e) {
      return failed(ExitCode.FAILED, "PID file " + pidFile + " can't be written: " + e, err);
    }
    try {
      Signals.install(actions());
      Signals.letQuitKill();
      out.println(node.start());
      out.flush();
      return node.awaitEnd();
    } catch (StartException e) {
      log.debug("the start failed", e);
      return failed(e.exitCode(), e.getMessage(), err);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the main thread", e);
    } catch (RuntimeException e) {
      // A broken invariant. The last resort would be too late for this thread: the logs are closed.
      log.error("raled failed", e);
      return failed(ExitCode.FAILED, "failed: " + e, err);
    } finally {
      remove(pid);
    }
  }

  Map<String, Runnable> actions() {
    Map<String, Runnable> actions = new LinkedHashMap<>();
    actions.put("TERM", () -> stop("SIGTERM"));
    actions.put("INT", () -> stop("SIGINT"));
    actions.put("HUP", this::reload);
    actions.put("USR1", () -> log.info("status: {}", node.status()));
    actions.put("USR2", () -> log.info("health: {}", node.health()));
    // Whoever reads our output may go away: that is an error of that write, and no end of ours.
    actions.put("PIPE", () -> {});
    return actions;
  }

  private void stop(String signal) {
    boolean first = stopping.compareAndSet(false, true);
    log.info("{}: {}", signal, first ? "stopping" : "stopping at once");
    node.requestStop(first);
  }

  /** Signals come on threads of their own, so two may come at once. */
  synchronized void reload() {
    log.info("SIGHUP: reloading {}", file);
    Loaded loaded = ConfigReader.read(file, environment);
    loaded.problems().forEach(Daemon::log);
    if (loaded.config().isEmpty()) {
      log.error("the configuration was not reloaded, the old one stays in force");
      return;
    }
    Reload reload = Reload.between(config, loaded.config().get());
    reload.needRestart().forEach(Daemon::log);
    try {
      logs.apply(reload.config());
    } catch (IOException e) {
      log.error(
          "the configuration was not reloaded, the old one stays in force: {}", e.getMessage());
      return;
    }
    node.reload(reload.config());
    config = reload.config();
    List<String> changed = reload.changed();
    log.info("reloaded: {}", changed.isEmpty() ? "nothing changed" : String.join(", ", changed));
  }

  private static void log(Problem problem) {
    if (problem.isError()) {
      log.error("{}", problem.render());
    } else {
      log.warn("{}", problem.render());
    }
  }

  /** To the terminal, and to the log where that is elsewhere. */
  private int failed(int exitCode, @Nullable String message, PrintStream err) {
    if (!logs.isOnStandardError()) {
      log.error("{}", message);
    }
    err.println("raled: " + message);
    return exitCode;
  }

  private static void remove(PidFile pid) {
    try {
      pid.remove();
    } catch (IOException e) {
      log.warn("the PID file was not removed: {}", e.toString());
    }
  }
}
