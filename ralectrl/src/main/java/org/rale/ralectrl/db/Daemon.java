package org.rale.ralectrl.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.rale.clusterdb.FileStorage;

/**
 * The daemon that has a cluster.db open. It holds a lock on the file beside; to try that lock, even
 * for a moment, could make a raled fail that starts in that moment. So it is looked for in the
 * kernel's list of locks, where there is one (Linux).
 */
final class Daemon {
  private static final Path LOCKS = Path.of("/proc/locks");
  private static final String FILE = "cluster.db";

  private Daemon() {}

  /** Its process id, 0 where that can't be seen; empty where no daemon can be seen. */
  static OptionalLong of(Path path) {
    try {
      Path file = path.toRealPath();
      Path lockFile = file.resolveSibling(FileStorage.LOCK_FILE);
      // Copies that lie beside the file are not the daemon's.
      if (!file.equals(file.resolveSibling(FILE)) || !Files.exists(lockFile)) {
        return OptionalLong.empty();
      }
      long inode = (Long) Files.getAttribute(lockFile, "unix:ino");
      String device = device((Long) Files.getAttribute(lockFile, "unix:dev"));
      String owner = owner(lockFile);
      for (String line : Files.readAllLines(LOCKS, StandardCharsets.US_ASCII)) {
        String[] fields = line.trim().split(" +");
        if (fields.length >= 6
            && fields[1].equals("POSIX")
            && fields[3].equals("WRITE")
            && fields[5].endsWith(":" + inode)
            // Some file systems show two numbers of their device.
            && (fields[5].startsWith(device) || fields[4].equals(owner))) {
          return OptionalLong.of(Math.max(0, Long.parseLong(fields[4])));
        }
      }
      return OptionalLong.empty();
    } catch (IOException | UnsupportedOperationException | NumberFormatException e) {
      // Another system, or a directory that this user may not search: it can't be seen.
      return OptionalLong.empty();
    }
  }

  /** Of a st_dev of Linux: major and minor number, as the kernel lists them. */
  private static String device(long number) {
    long major = ((number >> 8) & 0xfff) | ((number >> 32) & ~0xfffL);
    long minor = (number & 0xff) | ((number >> 12) & ~0xffL);
    return String.format("%02x:%02x:", major, minor);
  }

  /** The process that held the lock last; empty where this user may not read it. */
  private static String owner(Path lockFile) {
    try {
      return Files.readString(lockFile, StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
