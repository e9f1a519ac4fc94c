package org.rale.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Programs that measure and print one object of JSON: {@code ralectrl BENCH}, and others' like. */
final class BenchCall {
  private static final String RALECTRL =
      Path.of("../scripts/ralectrl").toAbsolutePath().normalize().toString();

  private final Path home;

  /** The run ends: what fails now fails because of that. */
  private volatile boolean ending;

  BenchCall(Path home) {
    this.home = home;
  }

  /**
   * What was measured.
   *
   * @param rate operations a second
   * @param p50 milliseconds, and so is p99
   * @param errors how many operations failed
   */
  record Speed(double rate, double p50, double p99, long errors) {
    static Speed of(JsonNode reply) {
      JsonNode latency = reply.get("latency_ms");
      return new Speed(
          reply.get("operations_per_second").doubleValue(),
          latency.get("p50").doubleValue(),
          latency.get("p99").doubleValue(),
          reply.get("errors").longValue());
    }
  }

  void end() {
    ending = true;
  }

  boolean isEnding() {
    return ending;
  }

  /** The command that asks this node; {@code more} are options of BENCH. */
  static List<String> bench(Daemon node, String operation, Object... more) {
    List<String> command = new ArrayList<>(List.of(RALECTRL, "--server"));
    command.addAll(List.of("127.0.0.1:" + node.dstorePort, "BENCH", operation, "--output", "json"));
    for (Object word : more) {
      command.add(word.toString());
    }
    return command;
  }

  JsonNode ask(List<String> command) throws IOException, InterruptedException {
    if (ending) {
      throw new IOException("the run was ended");
    }
    Path errors = Files.createTempFile(home, "bench", ".stderr");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process client = builder.start();
    String out = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (client.waitFor() != 0) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: exit code %d%n%s%s",
              String.join(" ", command),
              client.exitValue(),
              out,
              Files.readString(errors)));
    }
    Files.delete(errors);
    return new ObjectMapper().readTree(out);
  }
}
