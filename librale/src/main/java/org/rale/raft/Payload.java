package org.rale.raft;

import org.rale.bytes.Bytes;

/** What a log entry carries. The rules look only into memberships. */
public sealed interface Payload {

  /** Opens a term: nothing older may be committed by counting before it (S-08). */
  record Empty() implements Payload {}

  /** A command of the state machine, opaque to the rules. */
  record Command(Bytes bytes) implements Payload {}

  /** The whole membership from this entry on (S-09). */
  record Members(Membership membership) implements Payload {}
}
