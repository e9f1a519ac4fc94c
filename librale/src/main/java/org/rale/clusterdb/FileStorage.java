package org.rale.clusterdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A real directory. Held by one process at a time, through a lock on {@value #LOCK_FILE} that the
 * kernel drops when the process ends, however it ends.
 *
 * <p>Failures are IOExceptions whose message names the file and what was to be done with it.
 */
public final class FileStorage implements Storage {
  public static final String LOCK_FILE = "cluster.lock";

  /**
   * The directories that this process holds. A POSIX lock belongs to the process, and goes when the
   * process closes any descriptor of the file: opening the lock file a second time, only to find it
   * locked, would drop the first one's lock. So this state is the process's by nature.
   */
  private static final Set<Path> HELD = Collections.synchronizedSet(new HashSet<>());

  private final Path directory;
  private final Path key;
  private final FileChannel lockChannel;

  /** What was opened last under each name: an open file keeps up with what it is called. */
  private final Map<String, File> files = new HashMap<>();

  private FileStorage(Path directory, Path key, FileChannel lockChannel) {
    this.directory = directory;
    this.key = key;
    this.lockChannel = lockChannel;
  }

  /**
   * Makes the directory where it is missing, open to this user alone, and locks it.
   *
   * @throws ClusterDbException when another process, or this one, uses it already
   */
  public static FileStorage open(Path directory) throws IOException, ClusterDbException {
    try {
      createDirectories(directory.toAbsolutePath());
    } catch (IOException e) {
      throw failed("create directory", directory, e);
    }
    Path key = directory.toRealPath();
    Path lockFile = directory.resolve(LOCK_FILE);
    if (!HELD.add(key)) {
      throw ClusterDbException.locked(directory.toString(), lockFile.toString(), "this process");
    }
    boolean locked = false;
    try {
      FileChannel channel = lock(directory, lockFile);
      locked = true;
      return new FileStorage(directory, key, channel);
    } finally {
      if (!locked) {
        HELD.remove(key);
      }
    }
  }

  private static FileChannel lock(Path directory, Path lockFile)
      throws IOException, ClusterDbException {
    FileChannel channel = openChannel(lockFile, true);
    boolean kept = false;
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw ClusterDbException.locked(
            directory.toString(), lockFile.toString(), "process " + readOwner(channel));
      }
      // For people and the message above only: the lock is what counts.
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
      kept = true;
      return channel;
    } catch (OverlappingFileLockException e) {
      throw ClusterDbException.locked(
          directory.toString(), lockFile.toString(), "this process, through another path");
    } catch (IOException e) {
      throw failed("lock file", lockFile, e);
    } finally {
      if (!kept) {
        channel.close();
      }
    }
  }

  private static String readOwner(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    return pid.matches("[0-9]+") ? pid : "of unknown id";
  }

  /**
   * Opens a file wherever it is, for reading alone: neither it nor its directory is locked or
   * changed, and a link is followed.
   *
   * @throws IOException also where the path leads to something else than a file
   */
  static StorageFile openToRead(Path path) throws IOException {
    try {
      BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
      // Before it is opened: a pipe would wait for a writer.
      if (!found.isRegularFile()) {
        throw new FileSystemException(
            path.toString(), null, found.isDirectory() ? "Is a directory" : "Is not a file");
      }
      return new File(path, FileChannel.open(path, StandardOpenOption.READ));
    } catch (IOException e) {
      throw failed("open file", path, e);
    }
  }

  @Override
  public boolean exists(String name) throws IOException {
    Path path = directory.resolve(name);
    try {
      Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      // The only answer that means "no". Files.exists also says no when it may not look, and a node
      // that believed that would start anew with its votes forgotten.
      return false;
    } catch (IOException e) {
      throw failed("examine file", path, e);
    }
  }

  @Override
  public StorageFile open(String name, boolean create) throws IOException {
    Path path = directory.resolve(name);
    File file = new File(path, openChannel(path, create));
    files.put(name, file);
    return file;
  }

  @Override
  public void rename(String from, String to) throws IOException {
    try {
      Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
      File moved = files.remove(from);
      if (moved != null) {
        moved.path = directory.resolve(to);
        files.put(to, moved);
      }
    } catch (IOException e) {
      throw failed("rename to \"" + to + "\" file", directory.resolve(from), e);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    try {
      Files.delete(directory.resolve(name));
    } catch (IOException e) {
      throw failed("delete file", directory.resolve(name), e);
    }
  }

  @Override
  public void syncDirectory() throws IOException {
    syncDirectory(directory);
  }

  @Override
  public String describe(String name) {
    return directory.resolve(name).toString();
  }

  /** Gives the directory free for others. Its files must be closed before. */
  @Override
  public void close() throws IOException {
    lockChannel.close();
    HELD.remove(key);
  }

  /** Each new directory is made durable in its parent: a file in a lost directory is lost. */
  private static void createDirectories(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path path = directory; path != null && !Files.isDirectory(path); path = path.getParent()) {
      missing.push(path);
    }
    for (Path path : missing) {
      Files.createDirectory(path, permissions(path, "rwx------"));
      Path parent = path.getParent();
      if (parent != null) {
        syncDirectory(parent);
      }
    }
  }

  static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw failed("sync directory", directory, e);
    }
  }

  static FileChannel openChannel(Path path, boolean create) throws IOException {
    Set<OpenOption> options = new HashSet<>();
    options.add(StandardOpenOption.READ);
    options.add(StandardOpenOption.WRITE);
    // A link to elsewhere would be replaced by the next rewrite, and the disk it was to use with
    // it.
    options.add(LinkOption.NOFOLLOW_LINKS);
    if (create) {
      options.add(StandardOpenOption.CREATE);
    }
    try {
      return FileChannel.open(path, options, permissions(path, "rw-------"));
    } catch (IOException e) {
      throw grown(create ? "create file" : "open file", path, e);
    }
  }

  private static FileAttribute<?>[] permissions(Path path, String permissions) {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Of an operation that takes space. Java tells a lack of it by the system's words alone: ENOSPC
   * and EDQUOT.
   */
  private static IOException grown(String action, Path path, IOException cause) {
    IOException failure = failed(action, path, cause);
    String words = String.valueOf(failure.getMessage());
    return words.endsWith("No space left on device") || words.endsWith("Disk quota exceeded")
        ? new DiskFullException(words, cause)
        : failure;
  }

  /** Java's own messages are often the bare path. */
  static IOException failed(String action, Path path, IOException cause) {
    String reason = cause.getMessage();
    if (cause instanceof AccessDeniedException) {
      reason = "Permission denied";
    } else if (cause instanceof FileAlreadyExistsException) {
      reason = "It exists, and is something else";
    } else if (cause instanceof NoSuchFileException) {
      reason = "No such file or directory";
    } else if (cause instanceof FileSystemException e && e.getReason() != null) {
      reason = e.getReason();
    }
    return new IOException("could not " + action + " \"" + path + "\": " + reason, cause);
  }

  static final class File implements StorageFile {
    private Path path;
    private final FileChannel channel;
    private boolean truncated;

    File(Path path, FileChannel channel) {
      this.path = path;
      this.channel = channel;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      int before = target.position();
      try {
        long at = position;
        while (target.hasRemaining()) {
          int count = channel.read(target, at);
          if (count < 0) {
            break;
          }
          at += count;
        }
      } catch (IOException e) {
        throw failed("read at byte " + position + " of file", path, e);
      }
      return target.position() - before;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
      try {
        long at = position;
        while (source.hasRemaining()) {
          at += channel.write(source, at);
        }
      } catch (IOException e) {
        throw grown("write at byte " + position + " of file", path, e);
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      try {
        channel.truncate(size);
        truncated = true;
      } catch (IOException e) {
        throw failed("truncate to " + size + " bytes file", path, e);
      }
    }

    /**
     * force(false) is fdatasync: data, and of the metadata what it takes to read the data back,
     * which is the size of a file that grew. What it spares is the journal for time stamps. For a
     * file that shrank its promise reads less clearly, and that is rare, so there it is fsync.
     */
    @Override
    public void sync() throws IOException {
      try {
        channel.force(truncated);
        truncated = false;
      } catch (IOException e) {
        throw failed("sync file", path, e);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
