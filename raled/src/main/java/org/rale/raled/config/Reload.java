package org.rale.raled.config;

import java.util.ArrayList;
import java.util.List;
import org.rale.settings.Place;
import org.rale.settings.Problem;

/**
 * What a running daemon makes of a configuration that was read again (SIGHUP).
 *
 * @param config the old one, with what is reloadable from the new one
 * @param changed a line for each reloadable key that has a new value: "raled_log_level: info to
 *     debug"
 * @param needRestart warnings, one for each key that changed and is not reloadable
 */
public record Reload(NodeConfig config, List<String> changed, List<Problem> needRestart) {
  public Reload {
    changed = List.copyOf(changed);
    needRestart = List.copyOf(needRestart);
  }

  public static Reload between(NodeConfig old, NodeConfig read) {
    Settings merged = old.settings();
    List<String> changed = new ArrayList<>();
    List<Problem> needRestart = new ArrayList<>();
    for (Key<?> key : Keys.ALL) {
      String change = change(key, old.settings(), read.settings());
      if (key.isReloadable()) {
        merged = merged.with(key, read.settings());
        if (!change.isEmpty()) {
          changed.add(key.name() + ": " + change);
        }
      } else if (!change.isEmpty() && key.effect() == Key.Effect.FULL) {
        needRestart.add(warning(key, change, old.settings(), read.settings()));
      }
    }
    return new Reload(NodeConfig.of(merged), changed, needRestart);
  }

  /** Empty where both have the same value, however it is written. */
  private static String change(Key<?> key, Settings old, Settings read) {
    boolean same =
        key.isDerived() ? old.find(key).equals(read.find(key)) : old.get(key).equals(read.get(key));
    return same ? "" : old.text(key) + " to " + read.text(key);
  }

  private static Problem warning(Key<?> key, String change, Settings old, Settings read) {
    Place place =
        read.place(key)
            .or(() -> old.place(key))
            .orElseThrow(() -> new IllegalStateException(key.name() + " changed, but is not set"));
    return Problem.warning(
        place,
        key.name() + " can't be changed while raled runs",
        "It was changed from " + change + ". The new value needs a restart.");
  }
}
