package org.rale.process;

/** Processes that start fast and stay small: tests have many of them at a time. */
final class Quick {
  static final int HEAP_MB = 128;

  private Quick() {}

  static void environment(ProcessBuilder builder) {
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("RALE_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Xmx" + HEAP_MB + "m");
    builder.environment().remove("JAVA_OPTS");
    builder.environment().keySet().removeIf(Quick::overridesConfiguration);
  }

  private static boolean overridesConfiguration(String name) {
    return name.startsWith("RALE_") && !name.equals("RALE_JAVA_OPTS");
  }
}
