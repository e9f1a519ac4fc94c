package org.rale.raft;

/**
 * Something that people want to read in the log.
 *
 * @param text a sentence that names nodes, terms and figures
 */
public record Event(Level level, String text) {
  /** How loud. */
  public enum Level {
    ERROR,
    WARNING,
    INFO,
    DEBUG
  }
}
