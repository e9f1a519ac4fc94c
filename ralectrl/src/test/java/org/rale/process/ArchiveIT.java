package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** scripts/archive in an installation: its archives are used where they fit, and never seen. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ArchiveIT {
  private static final List<String> PROGRAMS = List.of("raled", "ralectrl");

  @TempDir Path dir;
  private Path bin;
  private Path lib;

  /** How a process ended, and all that it said. */
  private record Ended(int exitCode, String output) {}

  /** bin/ and lib/rale/ as packages lay them out. */
  @BeforeEach
  void install() throws IOException {
    bin = Files.createDirectories(dir.resolve("usr/bin"));
    lib = Files.createDirectories(dir.resolve("usr/lib/rale"));
    for (String script : List.of("raled", "ralectrl", "archive")) {
      Path copy = Files.copy(Path.of("../scripts", script), bin.resolve(script));
      assertThat(copy.toFile().setExecutable(true)).isTrue();
    }
    for (String program : PROGRAMS) {
      Path target = Path.of("..", program, "target");
      copyInto(target.resolve(program + ".jar"));
      try (var jars = Files.newDirectoryStream(target.resolve("lib"))) {
        for (Path jar : jars) {
          copyInto(jar);
        }
      }
    }
  }

  private void copyInto(Path jar) throws IOException {
    Files.copy(jar, lib.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }

  private Ended run(String program, String options, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(bin.resolve(program).toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(dir, "run", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    Quick.environment(builder);
    builder.environment().put("RALE_JAVA_OPTS", options);
    int exitCode = builder.start().waitFor();
    return new Ended(exitCode, Files.readString(output));
  }

  private Ended version(String program) throws Exception {
    return run(program, "", "--version");
  }

  /** Where the program's first class came from. */
  private String sourceOfMain(String program) throws Exception {
    Path log = dir.resolve("classes.log");
    run(program, "-Xlog:class+load:file=" + log, "-h");
    String main = "org.rale." + program + ".Main source: ";
    return Files.readAllLines(log).stream()
        .filter(line -> line.contains(main))
        .map(line -> line.substring(line.indexOf(main) + main.length()))
        .findFirst()
        .orElseThrow();
  }

  private Path archive(String program) throws IOException {
    try (var files = Files.newDirectoryStream(lib, program + "-*.jsa")) {
      return files.iterator().next();
    }
  }

  @Test
  void isUsedWhereItFitsAndNeverSeen() throws Exception {
    for (String program : PROGRAMS) {
      assertThat(sourceOfMain(program)).startsWith("file:");
    }
    Ended raled = version("raled");
    Ended ralectrl = version("ralectrl");
    assertThat(raled).matches(e -> e.exitCode() == 0 && e.output().matches("raled \\d.*\n"));
    assertThat(ralectrl).matches(e -> e.exitCode() == 0 && e.output().matches("ralectrl \\d.*\n"));

    assertThat(run("archive", "")).isEqualTo(new Ended(0, ""));
    for (String program : PROGRAMS) {
      assertThat(sourceOfMain(program)).startsWith("shared objects file");
    }
    assertThat(version("raled")).isEqualTo(raled);
    assertThat(version("ralectrl")).isEqualTo(ralectrl);

    // Jars that were put there anew.
    for (String program : PROGRAMS) {
      Files.setLastModifiedTime(
          lib.resolve(program + ".jar"), FileTime.from(Instant.EPOCH.plusSeconds(1)));
      assertThat(sourceOfMain(program)).startsWith("file:");
    }
    assertThat(version("raled")).isEqualTo(raled);
    assertThat(version("ralectrl")).isEqualTo(ralectrl);

    // What is no archive at all, as that of another Java is none for this one.
    for (String program : PROGRAMS) {
      Files.writeString(Files.createFile(dir.resolve(program)), "no archive\n".repeat(1_000));
      Files.move(dir.resolve(program), archive(program), StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(version("raled")).isEqualTo(raled);
    assertThat(version("ralectrl")).isEqualTo(ralectrl);

    assertThat(run("archive", "", "--remove")).isEqualTo(new Ended(0, ""));
    assertThat(lib).isDirectoryNotContaining("glob:**.jsa");
    assertThat(version("ralectrl")).isEqualTo(ralectrl);
  }

  @Test
  void wrongUsageIsTwo() throws Exception {
    assertThat(run("archive", "", "--nonsense"))
        .matches(e -> e.exitCode() == 2 && e.output().startsWith("Usage: scripts/archive"));
  }
}
