package org.rale.raled;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * The file that tells others the process id of this daemon.
 *
 * <p>It is often in /tmp, where anyone may have put anything under its name: links are never
 * followed, and what is not the file of a dead raled is never replaced or removed. The file is a
 * courtesy to scripts. What keeps two daemons from one data directory is the lock beside
 * cluster.db.
 */
final class PidFile {
  /** How long a killed process may take to let go of what it held. */
  private static final int ENDING_SECONDS = 10;

  private static final int MAX_BYTES = 64;
  private static final Pattern PID = Pattern.compile("[1-9][0-9]{0,9}\\s*");
  private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS);

  /** Creating anew fails on any file and any link, dangling or not (O_EXCL). */
  private static final Set<OpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private final Path path;
  private final long pid;
  private final Optional<Object> fileKey;

  private PidFile(Path path, long pid, Optional<Object> fileKey) {
    this.path = path;
    this.pid = pid;
    this.fileKey = fileKey;
  }

  /** The file can't be had; the message says why, and what to do. */
  static final class RefusedException extends Exception {
    RefusedException(String message) {
      super(message);
    }
  }

  static Path defaultPath(int ralePort) {
    return Path.of("/tmp/raled_" + ralePort + ".pid");
  }

  /** Writes the file, over that of a dead raled if need be. */
  static PidFile create(Path path, long pid) throws IOException, RefusedException {
    try {
      return write(path, pid);
    } catch (FileAlreadyExistsException e) {
      check(path, pid);
      Files.deleteIfExists(path);
    }
    try {
      return write(path, pid);
    } catch (FileAlreadyExistsException e) {
      throw new RefusedException("PID file " + path + " was made by another process just now");
    }
  }

  /**
   * Refuses where there is a file that must not be replaced.
   *
   * @param ownPid in a container each start may have the same one, so it says nothing of another
   *     process
   */
  static void check(Path path, long ownPid) throws IOException, RefusedException {
    Optional<Long> other;
    try {
      BasicFileAttributes found =
          Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
      if (!found.isRegularFile()) {
        throw new RefusedException(
            "PID file "
                + path
                + " is "
                + (found.isSymbolicLink() ? "a symbolic link, which is not followed" : "no file")
                + ": remove it, or choose another with --pid-file");
      }
      other = read(path);
    } catch (NoSuchFileException e) {
      return;
    }
    if (other.isEmpty()) {
      throw new RefusedException(
          "PID file "
              + path
              + " holds no process id, so it is not raled's: remove it, or choose another with"
              + " --pid-file");
    }
    if (other.get() != ownPid && isRaled(other.get())) {
      throw new RefusedException(
          "raled is already running with process id " + other.get() + ", says PID file " + path);
    }
  }

  /** Removes the file if it is still the one that was made. */
  void remove() throws IOException {
    try {
      boolean ours = key(path).equals(fileKey) && read(path).equals(Optional.of(pid));
      if (ours) {
        Files.delete(path);
      }
    } catch (NoSuchFileException e) {
      // Somebody was faster: what was to be is.
    }
  }

  private static PidFile write(Path path, long pid) throws IOException {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));
    try (SeekableByteChannel channel = Files.newByteChannel(path, CREATE, mode)) {
      ByteBuffer text = ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII));
      while (text.hasRemaining()) {
        channel.write(text);
      }
    }
    return new PidFile(path, pid, key(path));
  }

  private static Optional<Object> key(Path path) throws IOException {
    return Optional.ofNullable(
        Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey());
  }

  private static Optional<Long> read(Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
    try (SeekableByteChannel channel = Files.newByteChannel(path, READ)) {
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
    }
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    return PID.matcher(text).matches()
        ? Optional.of(Long.parseLong(text.strip()))
        : Optional.empty();
  }

  /** Whether it runs and is raled; one whose command can't be seen is believed to be. */
  private static boolean isRaled(long pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    if (process.isEmpty() || isEnding(process.get())) {
      return false;
    }
    return process.get().info().commandLine().map(line -> line.contains("raled")).orElse(true);
  }

  /**
   * Whether the process was killed and is on its way out, which takes a moment for a large one: its
   * command line is gone first, and its ports and locks a little later. What is left of it may stay
   * for long if its parent does not look (a zombie), and holds nothing any more.
   */
  private static boolean isEnding(ProcessHandle process) {
    try {
      Path entry = Path.of("/proc", Long.toString(process.pid()));
      if (Files.readAllBytes(entry.resolve("cmdline")).length > 0) {
        return false;
      }
      if (!Files.readString(entry.resolve("stat"), StandardCharsets.ISO_8859_1).contains(") Z ")) {
        process.onExit().get(ENDING_SECONDS, TimeUnit.SECONDS);
      }
      return true;
    } catch (NoSuchFileException | TimeoutException | ExecutionException e) {
      return true;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
