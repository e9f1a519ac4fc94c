package org.rale.raled.rejoin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.rale.clusterdb.Storage;

/**
 * What must not be lost with cluster.db: which cluster the node goes back to, and where that is.
 * Stands in the data directory from before the old file is thrown away until the cluster has taken
 * the node in, so that the same command goes on after a crash in between.
 */
record Note(long clusterId, List<Server> servers) {
  static final String FILE = "cluster.rejoin";
  private static final String NEW_FILE = "cluster.rejoin.new";
  private static final int MAX_BYTES = 64 << 10;

  Note {
    servers = List.copyOf(servers);
  }

  static Optional<Note> read(Storage storage) throws IOException, RejoinException {
    if (!storage.exists(FILE)) {
      return Optional.empty();
    }
    try (Storage.StorageFile file = storage.open(FILE, false)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(file.size(), MAX_BYTES));
      file.read(0, bytes);
      return Optional.of(parse(new String(bytes.array(), 0, bytes.position(), UTF_8)));
    } catch (IllegalArgumentException e) {
      throw new RejoinException(
          RejoinException.Kind.WRONG,
          "file \""
              + storage.describe(FILE)
              + "\" does not say what --rejoin wrote into it. Delete it, and name the members with"
              + " --server");
    }
  }

  private static Note parse(String text) {
    String[] lines = text.split("\n");
    if (lines.length < 2) {
      throw new IllegalArgumentException("too short");
    }
    List<Server> servers = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      servers.addAll(Server.parse(lines[i]));
    }
    return new Note(HexFormat.fromHexDigitsToLong(lines[0]), servers);
  }

  void write(Storage storage) throws IOException {
    StringBuilder text = new StringBuilder(HexFormat.of().toHexDigits(clusterId)).append('\n');
    servers.forEach(server -> text.append(server).append('\n'));
    if (storage.exists(NEW_FILE)) {
      storage.delete(NEW_FILE);
    }
    try (Storage.StorageFile file = storage.open(NEW_FILE, true)) {
      file.write(0, ByteBuffer.wrap(text.toString().getBytes(UTF_8)));
      file.sync();
    }
    storage.rename(NEW_FILE, FILE);
    storage.syncDirectory();
  }
}
