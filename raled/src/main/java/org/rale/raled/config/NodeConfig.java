package org.rale.raled.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.rale.RaleConfig;
import org.rale.RaleConfig.Founder;
import org.rale.clusterdb.RewriteLimits;

/**
 * The configuration of a node, complete and consistent.
 *
 * @param nodeId 1 to 10,000
 * @param nodeIp the address that peers use: IPv4, IPv6 without brackets, or a host name
 * @param nodePriority 1 to 100
 * @param bindIp what both ports listen on, in the same forms; may be a wildcard
 * @param founders empty where the cluster is founded by ADD
 * @param dataDirectory relative to the working directory, as all paths
 * @param maxSizeBytes 0: unlimited
 * @param maxValueBytes 1 to 1 MiB
 * @param rewrite when cluster.db is rewritten
 * @param maxConnections of clients at a time, at least 1
 * @param keepAlive reloadable
 * @param controlSocket the path of the Unix stream socket
 * @param requestTimeout of a request whose client named none
 * @param hooks reloadable
 * @param logging reloadable
 * @param settings what this was made of
 */
public record NodeConfig(
    int nodeId,
    String nodeName,
    String nodeIp,
    int nodePriority,
    String bindIp,
    int ralePort,
    int dstorePort,
    String clusterName,
    List<Founder> founders,
    Election election,
    Path dataDirectory,
    long maxSizeBytes,
    int maxValueBytes,
    RewriteLimits rewrite,
    int maxConnections,
    KeepAlive keepAlive,
    Path controlSocket,
    Duration requestTimeout,
    HookCommands hooks,
    Logging logging,
    Settings settings) {
  /** What max_connections = 0 stands for. */
  public static final int DEFAULT_MAX_CONNECTIONS = 1000;

  /** The bounds of the adaptive election timeout, and the leader's beat, in milliseconds. */
  public record Election(int timeoutMinMs, int timeoutMaxMs, int heartbeatIntervalMs) {}

  /** When a silent link is probed, and when it is given up. */
  public record KeepAlive(Duration interval, Duration timeout) {}

  /**
   * What is run when something changes.
   *
   * @param onRoleChange for {@code /bin/sh -c}; empty: nothing
   * @param timeout how long one may run
   */
  public record HookCommands(String onRoleChange, String onMembershipChange, Duration timeout) {}

  /**
   * @param directory base of log files with a relative name
   */
  public record Logging(Path directory, LogConfig raled, LogConfig dstore, LogConfig comm) {
    public List<LogConfig> all() {
      return List.of(raled, dstore, comm);
    }
  }

  public NodeConfig {
    founders = List.copyOf(founders);
  }

  static NodeConfig of(Settings settings) {
    int ralePort = settings.get(Keys.RALE_PORT);
    int maxConnections = settings.get(Keys.MAX_CONNECTIONS);
    return new NodeConfig(
        settings.get(Keys.NODE_ID),
        settings.get(Keys.NODE_NAME),
        settings.get(Keys.NODE_IP),
        settings.get(Keys.NODE_PRIORITY),
        settings.find(Keys.BIND_IP).orElse(settings.get(Keys.NODE_IP)),
        ralePort,
        settings.get(Keys.DSTORE_PORT),
        settings.get(Keys.CLUSTER_NAME),
        settings.get(Keys.CLUSTER_MEMBERS).founders(),
        new Election(
            settings.get(Keys.ELECTION_TIMEOUT_MIN),
            settings.get(Keys.ELECTION_TIMEOUT_MAX),
            settings.get(Keys.HEARTBEAT_INTERVAL)),
        settings.get(Keys.PATH),
        settings.get(Keys.MAX_SIZE),
        Math.toIntExact(settings.get(Keys.MAX_VALUE_SIZE)),
        new RewriteLimits(
            settings.get(Keys.REWRITE_MIN_SIZE),
            settings.get(Keys.REWRITE_SHARE),
            settings.get(Keys.REWRITE_MAX_SIZE)),
        maxConnections == 0 ? DEFAULT_MAX_CONNECTIONS : maxConnections,
        new KeepAlive(
            Duration.ofSeconds(settings.get(Keys.KEEP_ALIVE_INTERVAL)),
            Duration.ofSeconds(settings.get(Keys.KEEP_ALIVE_TIMEOUT))),
        settings
            .find(Keys.COMMUNICATION_SOCKET)
            .orElseGet(() -> Path.of("/tmp/rale_" + ralePort + ".sock")),
        Duration.ofSeconds(settings.get(Keys.COMMUNICATION_TIMEOUT)),
        new HookCommands(
            settings.get(Keys.ON_ROLE_CHANGE),
            settings.get(Keys.ON_MEMBERSHIP_CHANGE),
            Duration.ofSeconds(settings.get(Keys.HOOK_TIMEOUT))),
        new Logging(
            settings.get(Keys.LOG_DIRECTORY),
            Keys.RALED_LOG.read(settings),
            Keys.DSTORE_LOG.read(settings),
            Keys.COMM_LOG.read(settings)),
        settings);
  }

  /** The same node, which founds no cluster: it goes back into one. */
  public NodeConfig withoutFounders() {
    return new NodeConfig(
        nodeId,
        nodeName,
        nodeIp,
        nodePriority,
        bindIp,
        ralePort,
        dstorePort,
        clusterName,
        List.of(),
        election,
        dataDirectory,
        maxSizeBytes,
        maxValueBytes,
        rewrite,
        maxConnections,
        keepAlive,
        controlSocket,
        requestTimeout,
        hooks,
        logging,
        settings);
  }

  /** What the library has to be told. */
  public RaleConfig raleConfig() {
    return new RaleConfig(
        nodeId,
        nodeName,
        nodeIp,
        ralePort,
        dstorePort,
        nodePriority,
        dataDirectory,
        maxSizeBytes,
        maxValueBytes,
        rewrite,
        election.timeoutMinMs(),
        election.timeoutMaxMs(),
        election.heartbeatIntervalMs(),
        Math.toIntExact(requestTimeout.toMillis()),
        founders);
  }
}
