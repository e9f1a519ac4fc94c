package org.rale.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rale.raft.Entry;
import org.rale.raft.Payload;

/** Entries of equal index and term are equal, and so are those before them (Raft figure 3). */
final class LogMatching {
  private record Place(long index, long term) {}

  private record Seen(Payload payload, long termBefore) {}

  private static final long UNKNOWN = -1;

  private final Map<Place, Seen> seen = new HashMap<>();

  void look(Life life, List<Entry> fresh) {
    Shadow shadow = life.shadow();
    for (Entry entry : fresh) {
      Entry before = shadow.at(entry.index() - 1);
      Seen now = new Seen(entry.payload(), before == null ? UNKNOWN : before.term());
      Seen first = seen.putIfAbsent(new Place(entry.index(), entry.term()), now);
      if (first != null && !agree(first, now)) {
        throw new SimFailure(
            "node "
                + life.id()
                + " has "
                + entry
                + " behind term "
                + now.termBefore()
                + ", another node had "
                + first);
      }
    }
  }

  private static boolean agree(Seen one, Seen other) {
    return one.payload().equals(other.payload())
        && (one.termBefore() == UNKNOWN
            || other.termBefore() == UNKNOWN
            || one.termBefore() == other.termBefore());
  }
}
