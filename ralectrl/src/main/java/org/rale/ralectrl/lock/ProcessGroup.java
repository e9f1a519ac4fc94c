package org.rale.ralectrl.lock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The command and all that it starts: a session, and so a process group, of its own. A process that
 * makes itself a session, as daemons do, leaves it.
 *
 * <p>Who is left of a group only /proc tells. Where there is none, the group is taken to end with
 * its first process.
 */
final class ProcessGroup implements AutoCloseable {
  private static final Path PROC = Path.of("/proc");
  private static final long BRIEF_NANOS = 5_000_000;

  private final Guardian guardian;
  private final Process first;

  private ProcessGroup(Guardian guardian, Process first) {
    this.guardian = guardian;
    this.first = first;
  }

  /**
   * Starts it, with the streams of this program.
   *
   * @param variables what the command finds in its environment, beside that of this program
   * @param ended is called when the first process has ended, by another thread
   */
  static ProcessGroup start(List<String> command, Map<String, String> variables, Runnable ended)
      throws IOException {
    // Where its first process leads no group yet, setsid makes no further process: the pid is that
    // of the command, and the number of the group.
    List<String> words = new ArrayList<>(List.of("setsid", "--"));
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
    builder.environment().putAll(variables);
    Guardian guardian = Guardian.start();
    Process first;
    try {
      first = builder.start();
    } catch (IOException e) {
      guardian.close();
      throw e;
    }
    ProcessGroup group = new ProcessGroup(guardian, first);
    try {
      guardian.watch(first.pid());
    } catch (IOException e) {
      group.close();
      throw e;
    }
    group.awaitItsOwnGroup();
    var unused = first.onExit().thenRun(ended);
    return group;
  }

  /** Until then a signal to the group has nobody to go to. */
  private void awaitItsOwnGroup() {
    Path stat = PROC.resolve(Long.toString(first.pid())).resolve("stat");
    while (first.isAlive() && Files.exists(stat) && !isMember(stat)) {
      LockSupport.parkNanos(BRIEF_NANOS / 5);
    }
  }

  /** The process that the command began with has ended. */
  boolean hasEnded() {
    return !first.isAlive();
  }

  /** Nothing of it is left. */
  boolean isGone() throws IOException {
    return hasEnded() && members().isEmpty();
  }

  /** Of the first process, which has ended; 128 and the signal where one ended it. */
  int exitCode() {
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
   * Sends KILL to all of it, and waits until nothing is left; false: something is after that time.
   */
  boolean kill(long patienceNanos) throws IOException {
    long start = System.nanoTime();
    try {
      guardian.send("KILL");
    } catch (IOException e) {
      // Somebody ended the guardian. One by one, as below, does it as well.
      first.destroyForcibly();
    }
    while (!isGone()) {
      if (System.nanoTime() - start > patienceNanos) {
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
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (isMember(process.resolve("stat"))) {
          members.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    return members;
  }

  /** {@code pid (name) state ppid pgrp ...}, where the name may hold anything. */
  private boolean isMember(Path stat) {
    try {
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      String[] behindName = text.substring(text.lastIndexOf(')') + 1).trim().split(" ", 4);
      String state = behindName[0];
      return behindName[2].equals(Long.toString(first.pid()))
          && !state.equals("Z")
          && !state.equals("X");
    } catch (IOException e) {
      // It has ended meanwhile.
      return false;
    }
  }

  /** Whatever is left of it is killed. */
  @Override
  public void close() throws IOException {
    if (isGone() || kill(BRIEF_NANOS)) {
      guardian.close();
    }
  }
}
