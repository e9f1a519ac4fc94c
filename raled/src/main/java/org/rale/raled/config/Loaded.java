package org.rale.raled.config;

import java.util.List;
import java.util.Optional;
import org.rale.settings.Problem;

/**
 * What came of reading a configuration.
 *
 * @param config empty where there is an error
 * @param problems errors and warnings: those of the file by line, then those of the environment,
 *     then those between keys
 */
public record Loaded(Optional<NodeConfig> config, List<Problem> problems) {
  public Loaded {
    problems = List.copyOf(problems);
  }

  public List<Problem> errors() {
    return problems.stream().filter(Problem::isError).toList();
  }

  public List<Problem> warnings() {
    return problems.stream().filter(problem -> !problem.isError()).toList();
  }
}
