package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SocketFileTest {
  @TempDir Path directory;

  private Path path() {
    return directory.resolve("control.sock");
  }

  @Test
  void theSocketIsTheOwnersAloneAndNothingElseStaysBehind() throws Exception {
    SocketFile file = new SocketFile(path());
    try (ServerSocketChannel server = bind(file)) {
      assertThat(server.isOpen()).isTrue();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
          .isEqualTo("rw-------");
      connect();
      assertThat(names()).containsExactly("control.sock");
    }
    file.remove();
    assertThat(names()).isEmpty();
  }

  @Test
  void beforeItIsPublishedItLiesInAPrivateDirectory() throws Exception {
    Path place = new SocketFile(path()).prepare();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.getParent())))
        .isEqualTo("rwx------");
    assertThat(place.getParent().getParent()).isEqualTo(directory);
  }

  @Test
  void theSocketOfADeadProcessIsReplaced() throws Exception {
    bind(new SocketFile(path())).close();
    assertThat(path()).exists();
    try (ServerSocketChannel server = bind(new SocketFile(path()))) {
      assertThat(server.isOpen()).isTrue();
      connect();
    }
  }

  @Test
  void theSocketOfALiveProcessIsLeftAlone() throws Exception {
    try (ServerSocketChannel server = bind(new SocketFile(path()))) {
      assertThat(server.isOpen()).isTrue();
      assertThatThrownBy(() -> new SocketFile(path()).prepare())
          .isInstanceOf(PortException.class)
          .hasMessageContaining("is served by a running process")
          .hasMessageContaining(path().toString());
      connect();
    }
  }

  @Test
  void aFileOfAnotherKindIsRefused() throws Exception {
    Files.writeString(path(), "precious");
    assertThatThrownBy(() -> new SocketFile(path()).prepare())
        .isInstanceOf(PortException.class)
        .hasMessageContaining("a file of another kind");
    assertThat(path()).hasContent("precious");

    Path folder = Files.createDirectory(directory.resolve("folder"));
    assertThatThrownBy(() -> new SocketFile(folder).prepare()).isInstanceOf(PortException.class);
  }

  @Test
  void aLinkIsRefusedWhereverItLeads() throws Exception {
    Path elsewhere = directory.resolve("elsewhere.sock");
    bind(new SocketFile(elsewhere)).close();
    Files.createSymbolicLink(path(), elsewhere);
    assertThatThrownBy(() -> new SocketFile(path()).prepare())
        .isInstanceOf(PortException.class)
        .hasMessageContaining("symbolic link");
    Path dangling = Files.createSymbolicLink(directory.resolve("d"), directory.resolve("nothing"));
    assertThatThrownBy(() -> new SocketFile(dangling).prepare()).isInstanceOf(PortException.class);
  }

  @Test
  void anotherProcesssSocketIsNotRemoved() throws Exception {
    SocketFile first = new SocketFile(path());
    ServerSocketChannel server = bind(first);
    Files.delete(path());
    try (ServerSocketChannel other = bind(new SocketFile(path()))) {
      first.remove();
      assertThat(path()).exists();
      assertThat(other.isOpen()).isTrue();
    } finally {
      server.close();
    }
  }

  @Test
  void aFileThatAppearsMeanwhileIsNotReplaced() throws Exception {
    SocketFile file = new SocketFile(path());
    Path place = file.prepare();
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(place));
      Files.writeString(path(), "quick");
      assertThatThrownBy(() -> file.publish(place))
          .isInstanceOf(PortException.class)
          .hasMessageContaining("another process made it just now");
    }
    assertThat(names()).containsExactly("control.sock");
  }

  @Test
  void aPathThatTheSystemCanNotTakeIsRefusedInWords() {
    Path tooLong = directory.resolve("s".repeat(108));
    assertThatThrownBy(() -> new SocketFile(tooLong).prepare())
        .isInstanceOf(PortException.class)
        .hasMessageContaining("the system allows 107");
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> new SocketFile(directory.resolve("no/where.sock")).prepare())
        .isInstanceOf(PortException.class)
        .hasMessageContaining("no/where.sock");
  }

  private static ServerSocketChannel bind(SocketFile file) throws Exception {
    Path place = file.prepare();
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(place));
    file.publish(place);
    return server;
  }

  private List<String> names() {
    return List.of(Objects.requireNonNull(directory.toFile().list()));
  }

  private void connect() throws Exception {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
      assertThat(client.isConnected()).isTrue();
    }
  }
}
