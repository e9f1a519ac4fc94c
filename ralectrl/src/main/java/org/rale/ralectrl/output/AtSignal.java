package org.rale.ralectrl.output;

/**
 * What is still to be done when INT, TERM or HUP ends the process, while the thread that works goes
 * on until the end.
 */
public final class AtSignal {
  private final Thread hook;

  /**
   * From now until {@link #forget}.
   *
   * @param last what to do, in a thread of its own; at once where the process is ending already
   */
  public AtSignal(Runnable last) {
    hook = new Thread(last, "ralectrl-interrupted");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      last.run();
    }
  }

  /** It need not be done any more. */
  public void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is about to end the process.
      return;
    }
  }
}
