package org.rale;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program in docs/LIBRARY.md compiles, runs, and prints what the page says. */
final class LibraryExampleTest {
  private static final Path PAGE = Path.of("..", "docs", "LIBRARY.md");

  /** Without logback, which is there for tests only, and would print the log among the answers. */
  private static final String CLASS_PATH =
      Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
          .filter(entry -> !entry.contains("logback"))
          .collect(Collectors.joining(File.pathSeparator));

  @TempDir Path directory;

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void prints_what_the_page_says() throws Exception {
    String page = Files.readString(PAGE);
    compile(block(page, "java"));

    List<String> printed = run();

    List<String> promised = block(page, "text").lines().toList();
    assertThat(printed).hasSameSizeAs(promised);
    for (int i = 0; i < promised.size(); i++) {
      String line = promised.get(i);
      if (line.endsWith("...")) {
        assertThat(printed.get(i)).startsWith(line.substring(0, line.length() - 3));
      } else {
        assertThat(printed.get(i)).isEqualTo(line);
      }
    }
  }

  private static String block(String page, String language) {
    Matcher block = Pattern.compile("(?s)\n```" + language + "\n(.*?)\n```\n").matcher(page);
    assertThat(block.find()).as("a block of %s in %s", language, PAGE).isTrue();
    return block.group(1);
  }

  private void compile(String source) throws Exception {
    Path file = Files.writeString(directory.resolve("Embedded.java"), source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    int result =
        compiler.run(
            null,
            complaints,
            complaints,
            "-proc:none",
            "-cp",
            CLASS_PATH,
            "-d",
            directory.toString(),
            file.toString());
    assertThat(result).as(complaints.toString(UTF_8)).isZero();
  }

  /** In a process of its own, as a reader would. */
  private List<String> run() throws Exception {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                directory + File.pathSeparator + CLASS_PATH,
                "Embedded",
                directory.resolve("data").toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor()).as(Files.readString(err)).isZero();
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllLines(out);
  }
}
