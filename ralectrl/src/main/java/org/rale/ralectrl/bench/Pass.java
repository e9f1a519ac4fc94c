package org.rale.ralectrl.bench;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Goes through keys once, and strikes out those for which the reply is as it should be. */
final class Pass implements Work {

  /** What is done with each key. */
  enum Step {
    /** It is there, and its value has the size. */
    CHECK,
    PUT,
    DELETE
  }

  private final Step step;
  private final int valueBytes;
  private final BitSet left;
  private final ErrorKinds errors = new ErrorKinds();
  private final AtomicInteger handled = new AtomicInteger();
  private int asked = -1;
  private int answered = -1;

  /**
   * @param left the numbers of the keys; what is not done stays in it
   */
  Pass(Step step, Settings settings, BitSet left) {
    this.step = step;
    this.valueBytes = settings.valueBytes();
    this.left = left;
  }

  @Override
  public boolean next(RequestLines lines) {
    int key = left.nextSetBit(asked + 1);
    if (key < 0) {
      return false;
    }
    asked = key;
    switch (step) {
      case CHECK -> lines.get(key);
      case PUT -> lines.put(key, key % RequestLines.STARTS);
      case DELETE -> lines.delete(key);
    }
    return true;
  }

  @Override
  public void replied(Reply reply, long nanos) {
    answered = left.nextSetBit(answered + 1);
    handled.incrementAndGet();
    if (!reply.isOk()) {
      errors.add(ErrorKinds.kind(reply.text()), reply.text(), 1);
    } else if (step != Step.CHECK || reply.valueBytes() == valueBytes) {
      left.clear(answered);
    }
  }

  @Override
  public void lost(int requests, String why) {
    answered = asked;
    handled.addAndGet(requests);
    errors.add(ErrorKinds.LOST, why, requests);
  }

  /** The next pass says that nobody can be reached. */
  @Override
  public boolean outlastsOutage() {
    return false;
  }

  /** Keys so far, for any thread. */
  int handled() {
    return handled.get();
  }

  ErrorKinds errors() {
    return errors;
  }
}
