package org.rale.raled.net;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The control socket's file: made so that at no moment anyone but the owner can connect, and
 * removed only when it is ours.
 *
 * <p>bind(2) gives the file the permissions that the umask leaves, and Java can't set the umask. So
 * the socket is bound in a new directory of mode 0700 beside the final place, gets mode 0600, and
 * is then renamed: a socket is found by its file, wherever that was moved (unix(7)).
 *
 * <p>A file that is in the way is removed only when it is a socket that refuses connections: its
 * process is gone. Two processes that start with one path in the same millisecond could still take
 * it from each other; the lock on the data directory and the ports are taken before, and tell them
 * apart.
 */
final class SocketFile {
  /** sun_path has 108 bytes with the closing zero (unix(7)). */
  static final int MAX_PATH_BYTES = 107;

  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_SOCKET = 0140000;
  private static final int NAME_ATTEMPTS = 16;

  private final Path path;
  private @Nullable Path workshop;
  private @Nullable Object fileKey;

  SocketFile(Path path) {
    this.path = path.toAbsolutePath().normalize();
  }

  Path path() {
    return path;
  }

  /** Where to bind: in a private directory beside the final place. */
  Path prepare() throws PortException {
    checkLength(path);
    clear();
    try {
      Path directory = makeWorkshop();
      workshop = directory;
      Path socket = directory.resolve("s");
      checkLength(socket);
      return socket;
    } catch (IOException e) {
      throw failed("could not make a directory beside it", e);
    }
  }

  /** The socket was bound in the private directory: puts it in its place. */
  void publish(Path socket) throws PortException {
    try {
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      fileKey = attributes(socket).fileKey();
      Files.move(socket, path);
    } catch (FileAlreadyExistsException e) {
      throw failed("another process made it just now", e);
    } catch (IOException e) {
      throw failed("could not put it in its place", e);
    } finally {
      sweep(socket);
    }
  }

  /** Removes the private directory and what may have stayed in it. */
  void sweep(Path socket) {
    Path directory = workshop;
    workshop = null;
    if (directory == null) {
      return;
    }
    try {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // An empty private directory stays behind. It is in nobody's way.
    }
  }

  /** Removes the socket unless somebody else's stands there by now. */
  void remove() {
    try {
      if (fileKey != null && fileKey.equals(attributes(path).fileKey())) {
        Files.delete(path);
      }
    } catch (IOException e) {
      // Gone already, or not ours to remove any more: the next start looks at it anew.
    }
  }

  private void clear() throws PortException {
    BasicFileAttributes found;
    try {
      found = attributes(path);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException e) {
      throw failed("could not look at it", e);
    }
    if (found.isSymbolicLink()) {
      throw inTheWay("is a symbolic link, which is never followed");
    }
    if (!isSocket()) {
      throw inTheWay("is a file of another kind");
    }
    refuseIfAlive();
    try {
      if (found.fileKey().equals(attributes(path).fileKey())) {
        Files.delete(path);
      }
    } catch (NoSuchFileException e) {
      // Its owner has removed it meanwhile.
    } catch (IOException e) {
      throw failed("could not remove the socket that a process left behind", e);
    }
  }

  private boolean isSocket() throws PortException {
    try {
      Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      return mode instanceof Integer bits && (bits & TYPE_MASK) == TYPE_SOCKET;
    } catch (IOException e) {
      throw failed("could not look at it", e);
    }
  }

  private void refuseIfAlive() throws PortException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // A connect that would have to wait means a full backlog, and so a process behind it.
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException e) {
      return;
    } catch (IOException e) {
      throw failed("a socket is there that does not let this user ask who serves it", e);
    }
    throw new PortException(
        "control socket "
            + path
            + " is served by a running process: stop that one, or set communication_socket to"
            + " another path");
  }

  private Path makeWorkshop() throws IOException {
    SecureRandom random = new SecureRandom();
    Path parent = path.getParent();
    if (parent == null) {
      throw new IOException("the path is a root directory");
    }
    for (int i = 0; ; i++) {
      // Short, because the bound path has to fit into sun_path too.
      Path directory = parent.resolve(String.format(".r%05x", random.nextInt(1 << 20)));
      try {
        return Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (FileAlreadyExistsException e) {
        if (i == NAME_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static void checkLength(Path path) throws PortException {
    int bytes = path.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (bytes > MAX_PATH_BYTES) {
      throw new PortException(
          "control socket path "
              + path
              + " has "
              + bytes
              + " bytes, and the system allows "
              + MAX_PATH_BYTES
              + ": set communication_socket to a shorter one");
    }
  }

  private PortException inTheWay(String what) {
    return new PortException(
        "control socket "
            + path
            + " "
            + what
            + ": remove it, or set communication_socket to another path");
  }

  private PortException failed(String what, IOException cause) {
    return new PortException(
        "control socket " + path + ": " + what + " (" + cause + "): check its directory", cause);
  }
}
