package org.rale.process;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One quantity over a few steps of another one, for each of some lines. */
final class Curve {
  final String title;
  final String unit;
  final List<String> steps = new ArrayList<>();
  final Map<String, List<Double>> lines = new LinkedHashMap<>();

  /**
   * @param unit of what is measured
   */
  Curve(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  void step(String label) {
    steps.add(label);
  }

  /** What was measured at the last step. */
  void add(String line, double value) {
    lines.computeIfAbsent(line, any -> new ArrayList<>()).add(value);
  }

  double highest() {
    return lines.values().stream()
        .flatMap(List::stream)
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(0);
  }

  /** As a table of Markdown: a row for each step. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append("| ").append(title).append(" | ");
    text.append(String.join(" | ", lines.keySet())).append(" |\n|").append("---|");
    text.append("---|".repeat(lines.size())).append('\n');
    for (int i = 0; i < steps.size(); i++) {
      text.append("| ").append(steps.get(i)).append(" |");
      for (List<Double> line : lines.values()) {
        text.append(String.format(Locale.ROOT, " %s |", number(line.get(i))));
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** As precise as it was measured. */
  static String number(double value) {
    return String.format(
        Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }
}
