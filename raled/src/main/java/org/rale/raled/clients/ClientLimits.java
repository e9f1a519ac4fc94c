package org.rale.raled.clients;

/**
 * What clients may take (S-16).
 *
 * @param maxConnections to each of dstore_port and the control socket, from 1
 * @param requestTimeoutMs for requests that name no time themselves
 * @param maxValueBytes the setting max_value_size
 */
public record ClientLimits(int maxConnections, int requestTimeoutMs, int maxValueBytes) {
  /** What max_connections = 0 means. */
  public static final int DEFAULT_CONNECTIONS = 1_000;

  /**
   * Requests of one connection whose replies have not left, among them those that wait for news. At
   * the bound its next lines wait unread. {@link Window} has the bound for what keeps the node
   * busy.
   */
  static final int MAX_OUTSTANDING = 1_024;

  /** The bytes of their lines. */
  static final int MAX_OUTSTANDING_BYTES = 4 << 20;

  /**
   * Replies of one connection that wait for the client to read. At the bound it is not read from.
   */
  public static final int MAX_UNREAD_BYTES = 256 << 10;

  /** Below this they are let write again. */
  public static final int RESUME_UNREAD_BYTES = 64 << 10;

  /** What one connection may keep of lines begun, and of replies unread, without asking anybody. */
  static final int OWN_BYTES = 64 << 10;

  /**
   * How often a connection is looked at for what stands still: a first line that has not come, a
   * line that was begun and has not ended, replies that are not read. What was so at the last look
   * too, and has not moved in between, ends the connection. One whose lines are complete and whose
   * replies are read may stay silent as long as it likes.
   */
  static final int STALL_LOOK_MS = 30_000;

  /**
   * How long a connection that ends with an error goes on taking input, lest it be lost in a reset.
   */
  static final int LINGER_MS = 1_000;

  public ClientLimits {
    if (maxConnections < 0 || requestTimeoutMs < 1 || maxValueBytes < 1) {
      throw new IllegalArgumentException(
          maxConnections + " connections, " + requestTimeoutMs + " ms, " + maxValueBytes);
    }
    if (maxConnections == 0) {
      maxConnections = DEFAULT_CONNECTIONS;
    }
  }
}
