package org.rale.clusterdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * The two names of one backup, as the directory that a {@link Rewrite} needs: the new file is
 * {@code FILE.partial}, and the file in whose place it is put is {@code FILE}. Nothing else in that
 * directory is touched.
 *
 * <p>A partial file is locked while it is written, so one that is not locked was left behind by a
 * run that was cut off, and is replaced.
 */
final class BackupTarget implements Storage {
  private final Path file;
  private final Path partial;
  private final boolean replace;
  private @Nullable FileChannel writing;

  /**
   * @param replace whether a file that bears the name already may be replaced
   */
  BackupTarget(Path file, boolean replace) {
    this.file = file;
    this.partial = BackupFile.partial(file);
    this.replace = replace;
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(path(name), LinkOption.NOFOLLOW_LINKS);
  }

  /** Fails early where the backup could not get its name at the end. */
  void requireFree() throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("\"" + file + "\" is a directory");
    }
    if (!replace && exists(Layout.FILE)) {
      throw new IOException("could not create file \"" + file + "\": It exists already");
    }
  }

  @Override
  public StorageFile open(String name, boolean create) throws IOException {
    Path path = path(name);
    FileChannel channel = FileStorage.openChannel(path, create);
    if (!lock(channel)) {
      channel.close();
      throw new IOException("file \"" + path + "\" is being written by another backup");
    }
    writing = channel;
    return new FileStorage.File(path, channel);
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    requireFree();
    try {
      Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw FileStorage.failed("rename to \"" + path(to) + "\" file", path(from), e);
    }
  }

  /** Of a file that another process is writing, only the name would go. */
  @Override
  public void delete(String name) throws IOException {
    if (writing == null) {
      open(name, /* create= */ false).close();
    }
    try {
      Files.deleteIfExists(path(name));
    } catch (IOException e) {
      throw FileStorage.failed("delete file", path(name), e);
    }
  }

  @Override
  public void syncDirectory() throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    FileStorage.syncDirectory(parent == null ? file.toAbsolutePath() : parent);
  }

  @Override
  public String describe(String name) {
    return path(name).toString();
  }

  @Override
  public void close() {}

  private Path path(String name) {
    return name.equals(Layout.NEW_FILE) ? partial : file;
  }
}
