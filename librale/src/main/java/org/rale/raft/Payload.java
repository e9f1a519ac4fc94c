package org.rale.raft;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.rale.bytes.Bytes;

/** What a log entry carries. The rules look only into memberships. */
public sealed interface Payload {

  /** Opens a term: nothing older may be committed by counting before it (S-08). */
  record Empty() implements Payload {}

  /** A command of the state machine, opaque to the rules. */
  record Command(Bytes bytes) implements Payload {
    /** Those in the first so many entries, in order. */
    public static List<Bytes> of(Iterable<Entry> entries, int most) {
      List<Bytes> commands = new ArrayList<>(most);
      Iterator<Entry> rest = entries.iterator();
      for (int i = 0; i < most && rest.hasNext(); i++) {
        if (rest.next().payload() instanceof Command command) {
          commands.add(command.bytes());
        }
      }
      return commands;
    }
  }

  /** The whole membership from this entry on (S-09). */
  record Members(Membership membership) implements Payload {}
}
