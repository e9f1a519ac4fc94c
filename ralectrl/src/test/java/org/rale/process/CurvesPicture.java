package org.rale.process;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Curves as one picture: SVG, which browsers and GitHub show as it is. */
final class CurvesPicture {
  private static final int COLUMNS = 2;
  private static final int WIDTH = 460;
  private static final int HEIGHT = 270;
  private static final int LEFT = 60;
  private static final int RIGHT = 20;
  private static final int TOP = 56;
  private static final int BOTTOM = 30;
  private static final int MARKS = 4;

  /** More labels than these would lie over each other. */
  private static final int MOST_LABELS = 10;

  private static final List<String> COLOURS = List.of("#1a73e8", "#e8710a", "#188038", "#9334e6");

  private final StringBuilder out = new StringBuilder();

  private CurvesPicture() {}

  static String of(List<Curve> curves) {
    return new CurvesPicture().draw(curves);
  }

  private String draw(List<Curve> curves) {
    int rows = (curves.size() + COLUMNS - 1) / COLUMNS;
    put(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"11\">",
        COLUMNS * WIDTH, rows * HEIGHT);
    put("<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>");
    for (int i = 0; i < curves.size(); i++) {
      put("<g transform=\"translate(%d,%d)\">", i % COLUMNS * WIDTH, i / COLUMNS * HEIGHT);
      draw(curves.get(i));
      put("</g>");
    }
    put("</svg>");
    return out.toString();
  }

  private void draw(Curve curve) {
    put("<text x=\"10\" y=\"18\" font-weight=\"bold\">%s, %s</text>", curve.title, curve.unit);
    double top = roundedUp(curve.highest());
    for (int i = 0; i <= MARKS; i++) {
      double value = top * i / MARKS;
      double y = y(value, top);
      put(
          "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dadce0\"/>",
          LEFT, y, WIDTH - RIGHT, y);
      put(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          LEFT - 6, y + 4, value == 0 ? "0" : Curve.number(value));
    }
    int every = (curve.steps.size() + MOST_LABELS - 1) / MOST_LABELS;
    for (int i = 0; i < curve.steps.size(); i += every) {
      put(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x(i, curve.steps.size()), HEIGHT - BOTTOM + 16, curve.steps.get(i));
    }
    int number = 0;
    for (Map.Entry<String, List<Double>> line : curve.lines.entrySet()) {
      String colour = COLOURS.get(number % COLOURS.size());
      put(
          "<rect x=\"%d\" y=\"27\" width=\"10\" height=\"10\" fill=\"%s\"/>"
              + "<text x=\"%d\" y=\"36\">%s</text>",
          LEFT + number * 105, colour, LEFT + number * 105 + 15, line.getKey());
      StringBuilder points = new StringBuilder();
      for (int i = 0; i < line.getValue().size(); i++) {
        double x = x(i, curve.steps.size());
        double y = y(line.getValue().get(i), top);
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        put("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>", x, y, colour);
      }
      put(
          "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>",
          points.toString().strip(), colour);
      number++;
    }
  }

  private static double x(int step, int steps) {
    double width = WIDTH - LEFT - RIGHT - 40.0;
    return LEFT + 20 + (steps < 2 ? width / 2 : width * step / (steps - 1));
  }

  private static double y(double value, double top) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value / top);
  }

  /** To 1, 2, 4 or 8 and zeros: the marks between are round, too. */
  private static double roundedUp(double value) {
    double step = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-3))));
    for (double top = step; ; top *= 2) {
      if (top >= value) {
        return top;
      }
    }
  }

  private void put(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
