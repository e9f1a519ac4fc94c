package org.rale.raled.hooks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a hook: a process, its output in the log, its end within a limit. */
final class HookRun {
  private static final Logger log = LoggerFactory.getLogger(HookRun.class);

  /** Between TERM and KILL. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** For what it said last. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private static final long LOOK_MS = 20;

  private final String name;
  private final Process process;
  private final Thread listener;

  private HookRun(String name, Process process) {
    this.name = name;
    this.process = process;
    this.listener = new Thread(this::listen, "rale-hook-output");
    listener.setDaemon(true);
  }

  /**
   * Runs a command by {@code /bin/sh -c} to its end, or to that of its time. What is wrong with it
   * is logged, and is nobody else's trouble.
   *
   * @param name the setting's
   * @throws InterruptedException when the caller was interrupted: the command is killed
   */
  static void run(String name, String command, Map<String, String> variables, Duration limit)
      throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command);
    builder.environment().putAll(variables);
    builder.redirectInput(new File("/dev/null")).redirectErrorStream(true);
    long begin = System.nanoTime();
    HookRun run;
    try {
      run = new HookRun(name, builder.start());
    } catch (IOException e) {
      log.warn("{} can't be run: {}", name, e.getMessage());
      return;
    }
    run.await(begin, limit);
  }

  private void await(long begin, Duration limit) throws InterruptedException {
    listener.start();
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("{} has run for {} s, its hook_timeout, and is ended", name, limit.toSeconds());
        end();
      }
      long ms = (System.nanoTime() - begin) / 1_000_000;
      listener.join(LAST_WORDS.toMillis());
      tell(ms);
    } finally {
      kill(tree());
    }
  }

  private void tell(long ms) {
    if (process.isAlive()) {
      log.warn("{} can't be killed", name);
    } else if (process.exitValue() == 0) {
      log.info("{} ended with 0 after {} ms", name, ms);
    } else {
      log.warn("{} failed with {} after {} ms", name, process.exitValue(), ms);
    }
    if (listener.isAlive()) {
      log.warn("{} left something behind that keeps its output open", name);
    }
  }

  /** A thread of its own: what the hook leaves behind may keep the stream open. */
  private void listen() {
    OutputLog output = new OutputLog(line -> log.info("{} says: {}", name, line));
    byte[] buffer = new byte[4096];
    try (InputStream said = process.getInputStream()) {
      for (int count = said.read(buffer); count >= 0; count = said.read(buffer)) {
        output.add(buffer, count);
      }
    } catch (IOException e) {
      log.debug("{} was cut short: {}", name, e.toString());
    }
    output.end();
  }

  /** TERM for all of it, and KILL for what is left after a while. */
  private void end() throws InterruptedException {
    List<ProcessHandle> tree = tree();
    tree.forEach(ProcessHandle::destroy);
    long begin = System.nanoTime();
    while (tree.stream().anyMatch(ProcessHandle::isAlive)
        && System.nanoTime() - begin < GRACE.toNanos()) {
      Thread.sleep(LOOK_MS);
    }
    tree.addAll(tree());
    kill(tree);
    process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The shell and what it started; what has left that, as daemons do, is not in it. */
  private List<ProcessHandle> tree() {
    List<ProcessHandle> tree = new ArrayList<>();
    if (process.isAlive()) {
      tree.add(process.toHandle());
      process.descendants().forEach(tree::add);
    }
    return tree;
  }

  private static void kill(List<ProcessHandle> tree) {
    tree.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
  }
}
