package org.rale.ralectrl.output;

import java.util.List;

/** Rows in columns that are as wide as they must be, for people. */
public final class BoxTable {
  private BoxTable() {}

  /**
   * A table with lines around every cell.
   *
   * @param header a title for each column
   * @param rows as many cells each as there are titles
   */
  public static String boxed(List<String> header, List<List<String>> rows) {
    int[] widths = widths(header, rows);
    StringBuilder table = new StringBuilder(256);
    rule(table, widths, '┌', '┬', '┐');
    boxedRow(table, widths, header);
    rule(table, widths, '├', '┼', '┤');
    for (List<String> row : rows) {
      boxedRow(table, widths, row);
    }
    rule(table, widths, '└', '┴', '┘');
    return table.substring(0, table.length() - 1);
  }

  /** A table with blanks between the columns, that awk and column can read. */
  public static String plain(List<String> header, List<List<String>> rows) {
    int[] widths = widths(header, rows);
    StringBuilder table = new StringBuilder(256);
    plainRow(table, widths, header);
    for (List<String> row : rows) {
      plainRow(table, widths, row);
    }
    return table.substring(0, table.length() - 1);
  }

  private static int[] widths(List<String> header, List<List<String>> rows) {
    int[] widths = new int[header.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = width(header.get(column));
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], width(row.get(column)));
      }
    }
    return widths;
  }

  private static void rule(StringBuilder table, int[] widths, char left, char middle, char right) {
    for (int column = 0; column < widths.length; column++) {
      table.append(column == 0 ? left : middle).append("─".repeat(widths[column] + 2));
    }
    table.append(right).append('\n');
  }

  private static void boxedRow(StringBuilder table, int[] widths, List<String> cells) {
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      table.append("│ ").append(cell).append(" ".repeat(widths[column] - width(cell) + 1));
    }
    table.append("│\n");
  }

  private static void plainRow(StringBuilder table, int[] widths, List<String> cells) {
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      boolean last = column == widths.length - 1;
      table.append(cell).append(last ? "\n" : " ".repeat(widths[column] - width(cell) + 2));
    }
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
