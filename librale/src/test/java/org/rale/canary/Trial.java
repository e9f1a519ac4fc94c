package org.rale.canary;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is run, seed by seed, to find a bug. */
enum Trial {
  /** Whole nodes in a virtual world. */
  SIMULATION("org.rale.sim.Simulation") {
    @Override
    Object[] arguments(long seed) {
      return new Object[] {seed};
    }
  },

  /** The bare rules, in clusters of three and five. */
  RULES("org.rale.raft.RandomClusterTest") {
    @Override
    Object[] arguments(long seed) {
      return new Object[] {seed, seed % 2 == 0 ? 3 : 5};
    }
  };

  private final String className;

  Trial(String className) {
    this.className = className;
  }

  static Trial named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  abstract Object[] arguments(long seed);

  /** Runs the seed with the loader's classes; what it fails with, if it does. */
  Optional<Finding> run(ClassLoader program, long seed) {
    try {
      Class<?> trial = Class.forName(className, true, program);
      Method run =
          Arrays.stream(trial.getDeclaredMethods())
              .filter(
                  method ->
                      method.getName().equals("run")
                          && method.getParameterCount() == arguments(seed).length)
              .findFirst()
              .orElseThrow();
      run.setAccessible(true);
      run.invoke(null, arguments(seed));
      return Optional.empty();
    } catch (InvocationTargetException e) {
      return Optional.of(new Finding(seed, e.getCause()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(className + " can't be run", e);
    }
  }
}
