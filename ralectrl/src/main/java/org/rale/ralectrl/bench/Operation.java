package org.rale.ralectrl.bench;

/** What is asked for. Each but PUT needs the keys to be there. */
public enum Operation {
  PUT("put"),
  GET("get"),
  LOCAL("local"),
  MIX("mix");

  private final String word;

  Operation(String word) {
    this.word = word;
  }

  /** As the user writes it. */
  public String word() {
    return word;
  }

  /** Whether keys get new values while it is measured. */
  boolean writes() {
    return this == PUT || this == MIX;
  }
}
