package org.rale.ralectrl.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.ByteReader;
import org.rale.bytes.MalformedException;
import org.rale.clusterdb.BackupFile;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.ClusterDbFile;
import org.rale.raft.SnapshotMeta;
import org.rale.ralectrl.client.SteadyClient;
import org.rale.ralectrl.output.AtSignal;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.ralectrl.output.Output;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.BackupBegun;
import org.rale.request.Response.BackupPart;
import org.rale.wire.EntryCodec;

/** Fetches one backup from one server. */
public final class Download {
  private final Path file;
  private final boolean replace;
  private final Output output;
  private final boolean terminal;

  /**
   * @param replace whether a file of that name may be replaced
   * @param terminal whether to show how far it is
   */
  public Download(Path file, boolean replace, Output output, boolean terminal) {
    this.file = file;
    this.replace = replace;
    this.output = output;
    this.terminal = terminal;
  }

  /** What came of it. */
  public record Done(BackupBegun backup, long fileBytes) {}

  /** Fails where the file is there already, before any server is asked. */
  public void requireFree() throws Failure {
    try {
      BackupFile.requireFree(file, replace);
    } catch (IOException e) {
      throw unwritable(e);
    }
    if (isOfNode()) {
      throw Failure.of(
          ExitCode.FAILED,
          ErrorCode.INTERNAL,
          "file \"" + file + "\" is the cluster.db of a node, and is not replaced by a backup",
          List.of(),
          "Name another file.");
    }
  }

  /** Whether a node's file bears the name: without it that node has lost its data. */
  private boolean isOfNode() {
    try (ClusterDbFile there = ClusterDbFile.open(file)) {
      return !there.isBackup();
    } catch (ClusterDbException e) {
      // A damaged file, and one of a newer release, are what somebody may still want to repair.
      return e.kind() != ClusterDbException.Kind.NOT_OURS;
    } catch (IOException e) {
      return Files.exists(file);
    }
  }

  /**
   * Fetches all pieces, and gives the file its name when it is whole.
   *
   * @param server where the backup was begun
   * @throws IOException when the program's own output fails
   */
  public Done fetch(SteadyClient server, BackupBegun backup) throws Failure, IOException {
    ProgressBar bar = new ProgressBar(output, terminal, backup.bytes());
    try (BackupFile target = begin(backup)) {
      AtSignal interrupted = new AtSignal(this::unlink);
      try {
        return fetch(server, backup, target, bar);
      } finally {
        interrupted.forget();
      }
    } finally {
      bar.end();
    }
  }

  private Done fetch(SteadyClient server, BackupBegun backup, BackupFile target, ProgressBar bar)
      throws Failure, IOException {
    long bytes = 0;
    int number = 0;
    BackupPart part;
    do {
      bar.at(bytes);
      part = ask(server, backup.id(), number);
      write(target, part, number);
      bytes += part.data().length();
      number++;
    } while (!part.last());
    return new Done(backup, finish(target));
  }

  /** Takes the partial file's name away; this process alone writes it, and is about to end. */
  private void unlink() {
    try {
      Files.deleteIfExists(BackupFile.partial(file));
    } catch (IOException e) {
      // The next BACKUP to this file replaces it.
      return;
    }
  }

  private BackupFile begin(BackupBegun backup) throws Failure {
    SnapshotMeta meta;
    try {
      ByteReader in = new ByteReader(backup.meta());
      meta = EntryCodec.readSnapshotMeta(in);
      in.finish();
    } catch (MalformedException e) {
      throw notUnderstood(e.getMessage());
    }
    if (meta.index() != backup.index()) {
      throw notUnderstood("index " + meta.index() + " in a backup at " + backup.index());
    }
    try {
      long salt = new SecureRandom().nextLong();
      return BackupFile.begin(file, replace, backup.clusterId(), meta, backup.term(), salt);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static BackupPart ask(SteadyClient server, long id, int number) throws Failure {
    Response response = server.ask(new Request.BackupPiece(id, number)).response();
    if (response instanceof BackupPart part && part.piece() == number) {
      return part;
    }
    throw notUnderstood("another piece than number " + number);
  }

  private void write(BackupFile target, BackupPart part, int number) throws Failure {
    try {
      target.write(part.data());
    } catch (IOException e) {
      throw unwritable(e);
    }
    if (target.checksum() != part.checksum()) {
      throw Failure.of(
          ExitCode.FAILED,
          ErrorCode.INTERNAL,
          "piece " + number + " of the backup came damaged",
          List.of("Its checksum is not the one that the server made."),
          "Try again; if it happens again, look at the memory and the network of both machines.");
    }
  }

  private long finish(BackupFile target) throws Failure {
    try {
      return target.finish();
    } catch (ClusterDbException e) {
      throw Failure.of(
          ExitCode.FAILED,
          ErrorCode.INTERNAL,
          "what was written to file \"" + file + "\" does not read as it was written",
          List.of(String.valueOf(e.getMessage()), e.detail()),
          "Look at the disk, or write the backup to another one.");
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static Failure notUnderstood(@Nullable String why) {
    return Failure.of(
        ExitCode.FAILED,
        ErrorCode.INTERNAL,
        "the reply to BACKUP is not understood: " + why,
        List.of(),
        "Use the ralectrl of the release that the server runs.");
  }

  private Failure unwritable(IOException e) {
    String message = String.valueOf(e.getMessage());
    return Failure.of(
        ExitCode.FAILED,
        ErrorCode.INTERNAL,
        message,
        List.of(),
        message.contains("It exists") ? "Name another file, or replace it with --force." : null);
  }
}
