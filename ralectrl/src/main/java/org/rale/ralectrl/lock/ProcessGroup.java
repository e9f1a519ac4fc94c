package org.rale.ralectrl.lock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command and all that it starts: a session, and so a process group, of its own. A process that
 * makes itself a session, as daemons do, leaves it.
 *
 * <p>Who is left of a group only /proc tells. Where there is none, the group is taken to end with
 * its first process.
 */
final class ProcessGroup {
  private static final Path PROC = Path.of("/proc");
  private static final String FORKS = "processes ";
  private static final long BRIEF_NANOS = 5_000_000;

  /** What KILL doesn't end in this time hangs in the kernel. */
  private static final long KILL_PATIENCE_NANOS = 5_000_000_000L;

  /** How often /proc is looked at before the kernel is asked. */
  private static final int LOOKS = 3;

  private final Guardian guardian;

  /** Whether there may be anything of it. */
  private boolean begun;

  /** Null: it was not started, or that failed halfway. */
  private @Nullable Process first;

  private ProcessGroup(Guardian guardian) {
    this.guardian = guardian;
  }

  /** Starts who guards it, which takes time; the command does not begin yet. */
  static ProcessGroup guarded() throws IOException {
    return new ProcessGroup(Guardian.start());
  }

  /**
   * Starts it, with the streams of this program. Whatever comes of that: {@link #end} is due.
   *
   * @param variables what the command finds in its environment, beside that of this program
   * @param ended is called when the first process has ended, by another thread
   * @throws IOException where nothing was started, or the guardian is gone
   */
  void begin(List<String> command, Map<String, String> variables, Runnable ended)
      throws IOException {
    // Where its first process leads no group yet, setsid makes no further process: the pid is that
    // of the command, and the number of the group.
    List<String> words = new ArrayList<>(List.of("setsid", "--"));
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
    builder.environment().putAll(variables);
    // Should there be no memory for what Java makes around a process, the process may be there.
    begun = true;
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      begun = false;
      throw e;
    }
    first = process;
    guardian.watch(process.pid());
    awaitItsOwnGroup(process);
    var unused = process.onExit().thenRun(ended);
  }

  /** Until then a signal to the group has nobody to go to. */
  private static void awaitItsOwnGroup(Process process) throws IOException {
    Path stat = PROC.resolve(Long.toString(process.pid())).resolve("stat");
    while (process.isAlive() && Files.exists(stat) && !isMember(stat, process.pid())) {
      LockSupport.parkNanos(BRIEF_NANOS / 5);
    }
  }

  /** The process that the command began with has ended. */
  boolean hasEnded() {
    return first == null ? !begun : !first.isAlive();
  }

  /**
   * Nothing of it is left. A look at /proc takes its time, and misses one that is made behind it by
   * one that ends before it: so it counts where no process was made meanwhile, on the whole
   * machine. Otherwise the kernel is asked, which looks at one moment, but sees those, too, that
   * have ended and wait for their parent to notice.
   */
  boolean isGone() throws IOException {
    Process process = first;
    if (process == null || process.isAlive()) {
      return !begun;
    }
    for (int look = 0; look < LOOKS; look++) {
      long forks = forks();
      if (!members().isEmpty()) {
        return false;
      }
      if (forks > 0 && forks == forks()) {
        return true;
      }
    }
    return !isKnown(process.pid());
  }

  /** Whether the kernel knows of a process of the group that this program may send a signal. */
  private static boolean isKnown(long group) {
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -s 0 -- \"-$0\"", Long.toString(group))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (kill.waitFor(100, TimeUnit.MILLISECONDS)) {
        return kill.exitValue() == 0;
      }
      kill.destroyForcibly();
      return true;
    } catch (IOException e) {
      // No process to be had: it is asked again.
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the main thread", e);
    }
  }

  /** How many processes this machine has made since it runs; 0: nobody knows. */
  private static long forks() throws IOException {
    try (Stream<String> lines = Files.lines(PROC.resolve("stat"), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(FORKS))
          .mapToLong(line -> Long.parseLong(line.substring(FORKS.length()).strip()))
          .findFirst()
          .orElse(0);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** Of the first process, which has ended; 128 and the signal where one ended it. */
  int exitCode() {
    if (first == null) {
      throw new IllegalStateException("it was not started");
    }
    return first.exitValue();
  }

  /**
   * Sends a signal to all of it.
   *
   * @param name without SIG
   */
  void send(String name) throws IOException {
    try {
      guardian.send(name);
    } catch (IOException e) {
      // Somebody ended the guardian. What Java can send by itself is TERM.
      for (long pid : members()) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
      }
    }
  }

  /**
   * Sends KILL to all of it, and waits until nothing is left; false: something is after five
   * seconds.
   */
  boolean kill() throws IOException {
    long start = System.nanoTime();
    try {
      guardian.send("KILL");
    } catch (IOException e) {
      // Somebody ended the guardian. One by one, as below, does it as well.
      if (first != null) {
        first.destroyForcibly();
      }
    }
    while (!isGone()) {
      if (System.nanoTime() - start > KILL_PATIENCE_NANOS) {
        return false;
      }
      for (long pid : members()) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
      LockSupport.parkNanos(BRIEF_NANOS);
    }
    return true;
  }

  /** Those that run, by pid: one that has ended and waits for its parent to notice does not. */
  private List<Long> members() throws IOException {
    List<Long> members = new ArrayList<>();
    if (first == null) {
      return members;
    }
    long group = first.pid();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (isMember(process.resolve("stat"), group)) {
          members.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return members;
  }

  /** {@code pid (name) state ppid pgrp ...}, where the name may hold anything. */
  private static boolean isMember(Path stat, long group) throws IOException {
    try {
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      String[] behindName = text.substring(text.lastIndexOf(')') + 1).trim().split(" ", 4);
      String state = behindName[0];
      return behindName[2].equals(Long.toString(group)) && !state.equals("Z") && !state.equals("X");
    } catch (NoSuchFileException | AccessDeniedException e) {
      // It has ended meanwhile, or is somebody else's on a machine that hides those.
      return false;
    } catch (IOException e) {
      // One that ends while its file is read is no failure; too many open files are.
      if (Files.exists(stat)) {
        throw e;
      }
      return false;
    }
  }

  /**
   * Kills whatever is left of it; returns whether nothing is. Where nobody knows, the guardian
   * stays and kills once more when this program ends.
   */
  boolean end() {
    boolean gone = !begun;
    try {
      gone = gone || isGone();
    } catch (IOException e) {
      // That is asked once more behind the KILL.
    }
    try {
      gone = gone || kill();
    } catch (IOException e) {
      // Nobody knows.
    }
    if (gone) {
      guardian.close();
    }
    return gone;
  }
}
