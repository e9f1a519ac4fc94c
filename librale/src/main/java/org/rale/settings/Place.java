package org.rale.settings;

/**
 * Where something was read, so that a message can send its reader there.
 *
 * @param source a file, or an environment variable with a {@code $} before it
 * @param line counted from 1; 0 where the source has no lines
 */
public record Place(String source, int line) implements Comparable<Place> {

  public static Place variable(String name) {
    return new Place("$" + name, 0);
  }

  @Override
  public int compareTo(Place other) {
    int bySource = source.compareTo(other.source);
    return bySource != 0 ? bySource : Integer.compare(line, other.line);
  }

  /** {@code conf/raled1.conf:7}, the form that editors and terminals turn into a link. */
  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line;
  }
}
