package org.rale.raled.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rale.raled.config.Key.Effect;
import org.rale.raled.config.Settings.Given;
import org.rale.settings.BadValueException;
import org.rale.settings.ConfigText;
import org.rale.settings.ConfigText.Line;
import org.rale.settings.Expansion;
import org.rale.settings.Place;
import org.rale.settings.Problem;
import org.rale.settings.SettingsFile;
import org.rale.typo.Nearest;

/**
 * Reads the configuration: the file, and over it the environment. All that is wrong is told in one
 * go.
 */
public final class ConfigReader {
  private static final int MAX_SHOWN_CHARS = 80;

  private final Map<String, String> environment;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Given> given = new LinkedHashMap<>();

  private ConfigReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Reads a file.
   *
   * @param environment the process's, for overrides and {@code ${...}}
   */
  public static Loaded read(Path file, Map<String, String> environment) {
    ConfigReader reader = new ConfigReader(environment);
    SettingsFile.text(file, reader.problems).ifPresent(text -> reader.lines(file.toString(), text));
    return reader.finish();
  }

  /** Reads what stands in a file of the given name. */
  static Loaded parse(String source, String text, Map<String, String> environment) {
    ConfigReader reader = new ConfigReader(environment);
    reader.lines(source, text);
    return reader.finish();
  }

  private Loaded finish() {
    overrides();
    Settings settings = new Settings(given);
    // Values that are missing for a mistake would only cause further ones here.
    if (!Problem.anyError(problems)) {
      CrossChecks.check(settings, problems);
    }
    return Problem.anyError(problems)
        ? new Loaded(Optional.empty(), problems)
        : new Loaded(Optional.of(NodeConfig.of(settings)), problems);
  }

  private void lines(String source, String text) {
    for (Line line : ConfigText.parse(source, text, problems)) {
      String name = line.key().toLowerCase(Locale.ROOT);
      Optional<Key<?>> key = Keys.find(name);
      if (key.isPresent()) {
        fromFile(key.get(), line);
      } else {
        unknown(line);
      }
    }
    problems.sort(Comparator.comparing(Problem::place));
  }

  private void fromFile(Key<?> key, Line line) {
    Given earlier = given.get(key.name());
    if (earlier != null) {
      fail(
          line.place(),
          key.name() + " is set twice" + alias(key, line.key()),
          "It was set before at " + earlier.place() + ".",
          "Remove one of the two.");
      return;
    }
    try {
      set(key, Expansion.expand(line.value(), environment), line.place());
    } catch (BadValueException e) {
      fail(line.place(), "the value of " + key.name() + " can't be expanded", e.reason(), null);
    }
  }

  private static String alias(Key<?> key, String written) {
    return key.name().equalsIgnoreCase(written) ? "" : " (" + written + " is an alias of it)";
  }

  private void unknown(Line line) {
    String hint =
        Nearest.to(Keys.spelled(line.key()), Keys.names())
            .map(name -> "Did you mean " + name + "?")
            .orElse("docs/CONFIGURATION.md lists all keys.");
    fail(line.place(), "unknown key " + shown(line.key()), null, hint);
  }

  /** The environment over the file. */
  private void overrides() {
    for (Key<?> key : Keys.ALL) {
      Place earlier = null;
      List<String> names = new ArrayList<>(List.of(key.name()));
      names.addAll(key.aliases());
      for (String name : names) {
        String variable = Key.variable(name);
        String value = environment.getOrDefault(variable, "");
        if (value.isEmpty()) {
          continue;
        }
        Place place = Place.variable(variable);
        if (earlier != null) {
          fail(place, key.name() + " is set twice", "It is set by " + earlier + " too.", null);
        }
        earlier = place;
        set(key, value, place);
      }
    }
    misspelledVariables();
  }

  /** Others may have variables that begin with RALE_ too, so only a near miss is worth a word. */
  private void misspelledVariables() {
    for (String variable : new TreeSet<>(environment.keySet())) {
      if (!variable.startsWith("RALE_")) {
        continue;
      }
      String name = variable.substring("RALE_".length()).toLowerCase(Locale.ROOT);
      if (Keys.find(name).isPresent() || variable.equals("RALE_SERVER")) {
        continue;
      }
      Nearest.to(name, Keys.names())
          .filter(close -> Nearest.edits(name, close) <= 2)
          .ifPresent(
              close ->
                  problems.add(
                      Problem.warning(
                          Place.variable(variable),
                          "this variable sets nothing",
                          "Did you mean " + Key.variable(close) + "?")));
    }
  }

  private void set(Key<?> key, String text, Place place) {
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      fail(place, "the value of " + key.name() + " has a control character in it", null, null);
      return;
    }
    try {
      Object value = key.kind().parse(text);
      given.put(key.name(), new Given(value, text, place));
      judgeEffect(key, value, place);
    } catch (BadValueException e) {
      String detail = e.reason() != null ? e.reason() : "Expected " + key.kind().expected() + ".";
      fail(place, "invalid value for " + key.name() + ": " + shown(text), detail, null);
    }
  }

  private void judgeEffect(Key<?> key, Object value, Place place) {
    if (key.effect() == Effect.NONE) {
      problems.add(Problem.warning(place, key.name() + " has no effect yet", key.help()));
    } else if (key.effect() == Effect.MISSING_PROTECTION && value.equals(true)) {
      fail(
          place,
          key.name() + " = true can't be honoured: this version has no such protection",
          "Running without it would expose the node to those whom it is to keep out.",
          "Set it to false, and let only trusted hosts reach the ports.");
    }
  }

  private void fail(Place place, String message, @Nullable String detail, @Nullable String hint) {
    problems.add(Problem.error(place, message, detail, hint));
  }

  private static String shown(String text) {
    return text.length() <= MAX_SHOWN_CHARS
        ? "\"" + text + "\""
        : "\"" + text.substring(0, MAX_SHOWN_CHARS) + "...\"";
  }
}
