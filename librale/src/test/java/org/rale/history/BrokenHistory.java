package org.rale.history;

/** What clients saw can't have happened. */
public final class BrokenHistory extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BrokenHistory(String message) {
    super(message);
  }
}
