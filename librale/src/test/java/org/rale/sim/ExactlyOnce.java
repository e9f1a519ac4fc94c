package org.rale.sim;

import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Item;
import org.rale.dstore.Outcome;

/**
 * A change is applied once, however often it is sent (S-15): what anybody is told of it is what the
 * {@link Reference} made of it, which applies each change once.
 */
final class ExactlyOnce {
  private final Reference reference;

  ExactlyOnce(Reference reference) {
    this.reference = reference;
  }

  /** Some node told somebody that the value stands, or stood, there. */
  void told(String key, String value, long revision, long created, long version) {
    Item now = new Item(Bytes.utf8(value), revision, created, version);
    Item right = reference.at(Bytes.utf8(key), revision);
    if (!now.equals(right)) {
      throw new SimFailure(key + " is said to be " + now + ", and should be " + right);
    }
  }

  /** Some node told somebody that its DELETE was done. */
  void deleted(String key, int count, long revision) {
    @Nullable Outcome right = reference.outcome(revision);
    if (!new Outcome.Deleted(count, revision).equals(right)) {
      throw new SimFailure(
          "a DELETE of "
              + key
              + " is said to have deleted "
              + count
              + " at revision "
              + revision
              + ", where there is "
              + right);
    }
  }
}
