package org.rale.sim;

import java.util.Map;
import java.util.WeakHashMap;
import org.rale.raft.Entry;
import org.rale.raft.RaftStatus;
import org.rale.raft.Role;

/**
 * A leader never cuts its own log (Raft figure 3), and nobody cuts entries but for others that come
 * in their place (S-07).
 */
final class LeaderAppendOnly {
  private final Map<Life, Long> cuts = new WeakHashMap<>();

  void look(Life life, RaftStatus before, RaftStatus status) {
    Entry inVain = life.shadow().cutInVain();
    if (inVain != null) {
      throw new SimFailure(
          "node " + life.id() + " cuts its log at " + inVain + ", with which nothing conflicts");
    }
    long now = life.shadow().cuts();
    if (now == 0) {
      return;
    }
    Long last = cuts.put(life, now);
    boolean led =
        before.role() == Role.LEADER
            && status.role() == Role.LEADER
            && before.term() == status.term();
    if (led && now > (last == null ? 0 : last)) {
      throw new SimFailure(
          "node " + life.id() + " leads term " + status.term() + " and cuts its own log");
    }
  }
}
