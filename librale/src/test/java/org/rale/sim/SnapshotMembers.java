package org.rale.sim;

import java.util.Map;
import java.util.WeakHashMap;
import org.rale.raft.Membership;
import org.rale.raft.SnapshotMeta;

/** A snapshot names the members that were in force at its index (S-09). */
final class SnapshotMembers {
  private final Map<Life, SnapshotMeta> seen = new WeakHashMap<>();

  void look(Life life, AppliedLog applied) {
    SnapshotMeta meta = life.shadow().snapshotMeta();
    if (meta.equals(seen.put(life, meta)) || meta.index() == 0) {
      return;
    }
    Membership members = applied.membershipAt(meta.index());
    if (!members.equals(meta.membership())) {
      throw new SimFailure(
          "node " + life.id() + " has a snapshot " + meta + ", where in force is " + members);
    }
  }
}
