package org.rale.raled.hooks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a hook: a process, its output in the log, its end within a limit. */
final class HookRun {
  private static final Logger log = LoggerFactory.getLogger(HookRun.class);

  /** Between TERM and KILL. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final long LOOK_MS = 20;

  /** What a pipe holds; more than that is not read without a look at the clock. */
  private static final int CHUNK = 65_536;

  private final String name;
  private final Process process;
  private final InputStream said;
  private final OutputLog output;
  private final byte[] buffer = new byte[CHUNK];
  private final long begin;

  private HookRun(String name, Process process, long begin) {
    this.name = name;
    this.process = process;
    this.said = process.getInputStream();
    this.output = new OutputLog(line -> log.info("{} says: {}", name, line));
    this.begin = begin;
  }

  /**
   * Starts a command by {@code /bin/sh -c}.
   *
   * @param name the setting's
   * @throws IOException when no process can be had
   */
  static HookRun start(String name, String command, Map<String, String> variables)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command);
    builder.environment().putAll(variables);
    builder.redirectInput(new File("/dev/null")).redirectErrorStream(true);
    long begin = System.nanoTime();
    return new HookRun(name, builder.start(), begin);
  }

  /**
   * Waits for its end, or ends it when its time is over. What is wrong with it is logged, and is
   * nobody else's trouble.
   *
   * @throws InterruptedException when the caller was interrupted: the command is killed
   */
  void await(Duration limit) throws InterruptedException {
    try {
      listen(begin, limit, process::isAlive);
      if (process.isAlive()) {
        log.warn("{} has run for {} s, its hook_timeout, and is ended", name, limit.toSeconds());
        end();
      }
      long ms = (System.nanoTime() - begin) / 1_000_000;
      // What it said last; more than a pipe holds only what it left behind can have said.
      hear();
      output.end();
      tell(ms);
    } finally {
      kill(tree());
      close();
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
  }

  /** Logs what it says for as long as something is so, and there is time. */
  private void listen(long since, Duration time, BooleanSupplier goesOn)
      throws InterruptedException {
    while (goesOn.getAsBoolean() && System.nanoTime() - since < time.toNanos()) {
      if (!hear()) {
        Thread.sleep(LOOK_MS);
      } else if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /**
   * Takes what there is and never waits for more: what the hook leaves behind may keep the stream
   * open for good. Returns whether there may be more at once.
   */
  private boolean hear() {
    try {
      int count = Math.min(said.available(), buffer.length);
      if (count > 0) {
        output.add(buffer, said.read(buffer, 0, count));
      }
      return count == buffer.length;
    } catch (IOException e) {
      log.debug("{} was cut short: {}", name, e.toString());
      return false;
    }
  }

  private void close() {
    try {
      said.close();
    } catch (IOException e) {
      log.debug("the output of {} can't be closed: {}", name, e.toString());
    }
  }

  /** TERM for all of it, and KILL for what is left after a while. */
  private void end() throws InterruptedException {
    List<ProcessHandle> tree = tree();
    tree.forEach(ProcessHandle::destroy);
    listen(System.nanoTime(), GRACE, () -> tree.stream().anyMatch(ProcessHandle::isAlive));
    List<ProcessHandle> left = new ArrayList<>(tree);
    left.addAll(tree());
    kill(left);
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
