package org.rale.request;

import java.util.ArrayList;
import java.util.List;
import org.rale.request.Response.Field;

/**
 * A member as one node sees it.
 *
 * @param role leader, follower, candidate, learner or unknown
 * @param online whether this node hears it
 * @param incarnation of the disk that the membership knows under its id; 0 where that is not told
 * @param lost whether this node leads and takes nothing from it any more, since its disk forgot
 *     what it had acknowledged (S-06)
 * @param path the way to it
 * @param matchIndex the last entry that it is known to hold; -1 where this node does not lead
 * @param lag how many entries behind the leader's last one that is; -1 where this node does not
 *     lead
 */
public record NodeInfo(
    int id,
    String name,
    String host,
    int ralePort,
    int dstorePort,
    String role,
    boolean online,
    long incarnation,
    boolean lost,
    PathInfo path,
    long matchIndex,
    long lag) {
  public static final long UNKNOWN = -1;

  /** A member of which nothing was measured. */
  public NodeInfo(
      int id,
      String name,
      String host,
      int ralePort,
      int dstorePort,
      String role,
      boolean online,
      long incarnation,
      boolean lost) {
    this(
        id,
        name,
        host,
        ralePort,
        dstorePort,
        role,
        online,
        incarnation,
        lost,
        PathInfo.NOTHING,
        UNKNOWN,
        UNKNOWN);
  }

  /** A member of which this much is told. */
  public NodeInfo(
      int id, String name, String host, int ralePort, int dstorePort, String role, boolean online) {
    this(id, name, host, ralePort, dstorePort, role, online, 0, false);
  }

  /** What was measured, by the names that LIST and STATUS use, without what is not known. */
  public List<Field> measured() {
    List<Field> fields = new ArrayList<>(path.fields());
    if (matchIndex != UNKNOWN) {
      fields.add(Field.of("match_index", matchIndex));
    }
    if (lag != UNKNOWN) {
      fields.add(Field.of("lag", lag));
    }
    return fields;
  }
}
