package org.rale.sim;

import java.util.HashMap;
import java.util.Map;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Payload;

/**
 * A change is applied once, however often it is sent (S-15). Every value is written by one change
 * only, so one that is seen at two revisions was applied twice.
 */
final class ExactlyOnce {
  private record Seen(long revision, long created, long version) {}

  private final AppliedLog applied;
  private final Map<String, Seen> byValue = new HashMap<>();

  ExactlyOnce(AppliedLog applied) {
    this.applied = applied;
  }

  /** Some node told somebody that the value stands, or stood, there. */
  void told(String key, String value, long revision, long created, long version) {
    Seen now = new Seen(revision, created, version);
    Seen first = byValue.putIfAbsent(value, now);
    if (first != null && !first.equals(now)) {
      throw new SimFailure(key + "=" + value + " is seen as " + now + " and as " + first);
    }
    AppliedLog.Applied entry = applied.at(revision);
    if (entry == null || !value.equals(written(entry.entry().payload()))) {
      throw new SimFailure(
          key + "=" + value + " is said to be of revision " + revision + ", where stands " + entry);
    }
  }

  private static String written(Payload payload) {
    if (!(payload instanceof Payload.Command command)) {
      return "";
    }
    try {
      StoreCommand change = StoreCodec.decode(command.bytes());
      Bytes value =
          change instanceof StoreCommand.Put put
              ? put.value()
              : change instanceof StoreCommand.CompareAndSet cas ? cas.value() : Bytes.EMPTY;
      return value.toText();
    } catch (MalformedException e) {
      throw new SimFailure("an applied entry is no command", e);
    }
  }
}
