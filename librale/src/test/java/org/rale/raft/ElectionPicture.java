package org.rale.raft;

import java.util.List;
import java.util.Locale;

/**
 * The table of {@link ElectionBench} as a picture: SVG, which browsers and GitHub show as it is.
 */
final class ElectionPicture {
  private static final int LEFT = 250;
  private static final int WIDTH = 700;
  private static final int RIGHT = 130;
  private static final int TOP = 64;
  private static final int BAR = 9;
  private static final int GAP = 12;
  private static final List<String> COLOURS = List.of("#9aa0a6", "#1a73e8", "#c8b6a6", "#e8710a");

  /** The ends of the axis, in ms; it is logarithmic. */
  private static final double SHORTEST = 50;

  private static final double LONGEST = 6_000;

  private final StringBuilder out = new StringBuilder();

  private ElectionPicture() {}

  /** Rows of one network stand together. */
  static String of(List<ElectionBench.Row> rows) {
    return new ElectionPicture().draw(rows);
  }

  private String draw(List<ElectionBench.Row> rows) {
    List<String> ways = rows.stream().map(ElectionBench.Row::way).distinct().toList();
    List<String> networks = rows.stream().map(ElectionBench.Row::network).distinct().toList();
    int group = ways.size() * BAR + GAP;
    int height = TOP + networks.size() * group + 30;
    put(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"12\">",
            LEFT + WIDTH + RIGHT,
            height));
    put(String.format(Locale.ROOT, "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>"));
    text(10, 18, "How long no node leads after the leader's death, 200 deaths: full up to the");
    text(
        10, 33, "median, pale up to the worst. At the right: elections an hour while nobody dies.");
    for (int i = 0; i < ways.size(); i++) {
      int x = 10 + i * 250;
      put(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"42\" width=\"10\" height=\"10\" fill=\"%s\"/>",
              x,
              COLOURS.get(i)));
      text(x + 15, 51, ways.get(i));
    }
    axis(height - 24);
    for (ElectionBench.Row row : rows) {
      int top = TOP + networks.indexOf(row.network()) * group;
      int way = ways.indexOf(row.way());
      if (way == 0) {
        text(10, top + group / 2, row.network());
      }
      bar(row, top + way * BAR, COLOURS.get(way));
    }
    put("</svg>");
    return out.toString();
  }

  private void bar(ElectionBench.Row row, int y, String colour) {
    long median = place(row.medianMs());
    long worst = place(row.worstMs());
    put(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" opacity=\"0.35\"/>",
            LEFT,
            y,
            worst,
            BAR - 1,
            colour));
    put(
        String.format(
            Locale.ROOT,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>",
            LEFT,
            y,
            median,
            BAR - 1,
            colour));
    put(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" font-size=\"9\" fill=\"%s\">%s</text>",
            LEFT + WIDTH + 8,
            y + BAR - 1,
            row.elections() == 0 ? "#188038" : "#c5221f",
            row.elections() == 0 ? "none" : row.elections() + " an hour"));
  }

  private void axis(int bottom) {
    for (int ms : new int[] {50, 100, 200, 400, 800, 1_600, 3_200}) {
      long x = LEFT + place(ms);
      put(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#dadce0\"/>",
              x,
              TOP - 4,
              x,
              bottom));
      text((int) x - 14, bottom + 14, ms + " ms");
    }
  }

  private static long place(long ms) {
    double share =
        Math.log(Math.max((double) ms, SHORTEST) / SHORTEST) / Math.log(LONGEST / SHORTEST);
    return Math.round(WIDTH * Math.min(1, share));
  }

  private void text(int x, int y, String words) {
    put(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">%s</text>", x, y, words));
  }

  private void put(String line) {
    out.append(line).append('\n');
  }
}
