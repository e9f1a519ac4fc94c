package org.rale.ralectrl.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.ClusterDbFile;
import org.rale.clusterdb.Survey;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.ralectrl.output.Output;
import org.rale.request.ErrorCode;

/** Looks into one file, which it neither changes nor locks. */
public final class Inspector {
  private final Path path;
  private final Output output;
  private final boolean values;

  /**
   * @param values whether values are shown, too
   */
  public Inspector(Path path, Output output, boolean values) {
    this.path = path;
    this.output = output;
    this.values = values;
  }

  /** Whether a start would take the file, and what it holds as far as it can be read. */
  public void check() throws Failure, IOException {
    OptionalLong daemon = Daemon.of(path);
    try (ClusterDbFile file = open()) {
      Survey survey = survey(file, /* applyLog= */ true);
      CheckReport report = new CheckReport(path, file, survey, daemon);
      output.line(output.isJson() ? report.json() : report.text());
      stopAt(survey);
    }
  }

  /** All records, as they stand in the file. */
  public void dump() throws Failure, IOException {
    OptionalLong daemon = Daemon.of(path);
    Lines lines = new Lines(output);
    try (ClusterDbFile file = open()) {
      sayIfBackup(file);
      DumpPrinter printer = new DumpPrinter(lines, output.isJson(), values);
      try {
        printer.end(file.records(printer), daemon);
      } catch (ClusterDbException e) {
        printer.stop();
        throw Failures.of(e);
      } catch (UncheckedIOException e) {
        // The output's, passed through the reader.
        throw e.getCause();
      } catch (IOException e) {
        printer.stop();
        throw Failures.unreadable(path, e);
      }
    }
  }

  /**
   * The keys, sorted by their bytes.
   *
   * @param snapshot whether the log is left out
   */
  public void keys(boolean snapshot) throws Failure, IOException {
    try (ClusterDbFile file = open()) {
      Survey survey = survey(file, !snapshot);
      stopAt(survey);
      sayIfBackup(file);
      new KeysPrinter(output, values).print(survey, snapshot);
    }
  }

  private void sayIfBackup(ClusterDbFile file) throws IOException {
    if (file.isBackup()) {
      output.note(
          "this is a backup of cluster %s, and no node's file"
              .formatted(Members.hex(file.identity().clusterId())));
    }
  }

  private ClusterDbFile open() throws Failure {
    try {
      return ClusterDbFile.open(path);
    } catch (ClusterDbException e) {
      throw Failures.of(e);
    } catch (IOException e) {
      throw Failures.unreadable(path, e);
    }
  }

  private Survey survey(ClusterDbFile file, boolean applyLog) throws Failure {
    try {
      return file.survey(applyLog);
    } catch (IOException e) {
      throw Failures.unreadable(path, e);
    } catch (OutOfMemoryError e) {
      // Nothing was begun that could be left half done: the table alone is too large.
      throw Failure.of(
          ExitCode.FAILED,
          ErrorCode.INTERNAL,
          "not enough memory for what file \"" + path + "\" holds",
          List.of(
              "The file has %d bytes; Java may take %d MiB."
                  .formatted(file.size(), Runtime.getRuntime().maxMemory() >> 20)),
          "Set RALE_JAVA_OPTS=-Xmx4g, or what the node has. DB dump takes little memory.");
    }
  }

  private static void stopAt(Survey survey) throws Failure {
    ClusterDbException damage = survey.damage();
    if (damage != null) {
      throw Failures.of(damage);
    }
  }
}
