package org.rale.raled.rejoin;

import java.io.Closeable;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.rale.request.NodeInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Field;

/** A server that is another node of the right cluster, and said so. */
final class Seat implements Closeable {
  /** For what a server answers at once, or after one round through its cluster. */
  static final int ASK_MS = 5_000;

  /** Where this node was, as far as that is known. */
  record Home(int nodeId, long clusterId) {}

  private final Talk talk;
  private final long clusterId;
  private final boolean leads;

  private Seat(Talk talk, long clusterId, boolean leads) {
    this.talk = talk;
    this.clusterId = clusterId;
    this.leads = leads;
  }

  /**
   * @throws RejoinException where the server is of another cluster than this node was
   * @throws NotNowException where it is in no cluster, or this node itself
   */
  static Seat take(Server server, Home home) throws IOException, NotNowException, RejoinException {
    Talk talk = Talk.open(server);
    try {
      return judge(talk, server, home);
    } catch (Throwable e) {
      talk.close();
      throw e;
    }
  }

  private static Seat judge(Talk talk, Server server, Home home)
      throws IOException, NotNowException, RejoinException {
    if (!(talk.ask(new Request.Status(), ASK_MS) instanceof Response.StatusReport status)) {
      throw new NotNowException("it gives no status");
    }
    if (field(status, "node_id").equals(Integer.toString(home.nodeId()))) {
      throw new NotNowException("a raled runs there with this node's id, " + home.nodeId());
    }
    long clusterId = number(field(status, "cluster_id"));
    if (clusterId == 0) {
      throw new NotNowException("it is in no cluster");
    }
    if (home.clusterId() != 0 && home.clusterId() != clusterId) {
      throw new RejoinException(
          RejoinException.Kind.WRONG,
          String.format(
              java.util.Locale.ROOT,
              "%s is in cluster %016x, and this node was in cluster %016x. Correct --server,"
                  + " cluster_members or path; to give up the old cluster, empty the data"
                  + " directory by hand",
              server,
              clusterId,
              home.clusterId()));
    }
    if (field(status, "state").equals("removed")) {
      throw new NotNowException("it was removed from the cluster");
    }
    return new Seat(talk, clusterId, field(status, "role").equals("leader"));
  }

  private static String field(Response.StatusReport status, String name) throws NotNowException {
    return status.fields().stream()
        .filter(field -> field.name().equals(name))
        .map(Field::value)
        .findFirst()
        .orElseThrow(() -> new NotNowException("its status has no " + name));
  }

  private static long number(String hex) throws NotNowException {
    try {
      return HexFormat.fromHexDigitsToLong(hex);
    } catch (IllegalArgumentException e) {
      throw new NotNowException("its cluster_id is " + hex);
    }
  }

  long clusterId() {
    return clusterId;
  }

  boolean leads() {
    return leads;
  }

  List<NodeInfo> members() throws IOException, NotNowException {
    Response answer = ask(new Request.ListNodes(), ASK_MS);
    return ((Response.Nodes) answer).nodes();
  }

  /**
   * Asks for something that is done or refused.
   *
   * @throws NotNowException when it is refused
   */
  Response ask(Request request, int timeoutMs) throws IOException, NotNowException {
    Response answer = talk.ask(request, timeoutMs);
    if (answer instanceof Response.Failed failed) {
      throw new NotNowException(failed.text());
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    talk.close();
  }
}
