package org.rale.raled.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.rale.raled.config.Key.Effect;
import org.rale.request.Limits;

/**
 * The table of all keys. Whatever else tells of keys is made from it or tested against it: the
 * reader, the sample file, docs/CONFIGURATION.md.
 */
final class Keys {
  /** Of a key that nothing reads yet, and of a command. */
  private static final int MAX_TEXT_CHARS = 1024;

  static final Key<Integer> NODE_ID =
      Key.of(
          "node_id",
          Kinds.number(1, Limits.MAX_NODE_ID, ""),
          "1",
          "The number of this node, which no other node of the cluster has. It never changes: a"
              + " cluster.db belongs to one node id.");
  static final Key<String> NODE_NAME =
      Key.of("node_name", Kinds.NODE_NAME, "default", "The name of this node, for people.");
  static final Key<String> NODE_IP =
      Key.of(
          "node_ip",
          Hosts.PEER,
          "127.0.0.1",
          "The address under which the other nodes reach this one.");
  static final Key<Integer> NODE_PRIORITY =
      Key.of(
          "node_priority",
          Kinds.number(1, 100, ""),
          "1",
          "Among nodes that are up to date, the one with the higher priority tends to lead: it asks"
              + " first, and a leader of lower priority hands over to it when it has been steady"
              + " for 10 s.");
  static final Key<String> BIND_IP =
      Key.of(
              "bind_ip",
              Hosts.LISTEN,
              "node_ip",
              "The address that both ports listen on; 0.0.0.0 or :: for all.")
          .derived();
  static final Key<Integer> RALE_PORT =
      Key.of(
          "rale_port",
          Kinds.number(1, 65535, ""),
          "5001",
          "The UDP port for elections and heartbeats.");
  static final Key<Integer> DSTORE_PORT =
      Key.of(
          "dstore_port",
          Kinds.number(1, 65535, ""),
          "6001",
          "The TCP port for clients and for replication between nodes.");

  static final Key<String> CLUSTER_NAME =
      Key.of(
          "cluster_name",
          Kinds.text(64),
          "rale",
          "The name of the cluster, for people: it stands in every line of the log.");
  static final Key<ClusterMembers> CLUSTER_MEMBERS =
      Key.of(
          "cluster_members",
          ClusterMembers.KIND,
          "",
          "The members that found the cluster together at their first start, the same list on every"
              + " node. Later starts go by what cluster.db says. Empty: the cluster is founded by"
              + " ralectrl ADD.");
  static final Key<Integer> ELECTION_TIMEOUT_MIN =
      Key.of(
          "election_timeout_min",
          Kinds.number(10, 60_000, "ms"),
          "150",
          "The least silence of the leader after which a node stands for election. Each node draws"
              + " its own timeout at random between min and max, anew each time; what it heard of"
              + " the leader lately narrows the range.");
  static final Key<Integer> ELECTION_TIMEOUT_MAX =
      Key.of(
          "election_timeout_max",
          Kinds.number(20, 120_000, "ms"),
          "300",
          "The most silence of the leader after which a node stands for election, where no other"
              + " has a higher node_priority: each such voter that is linked adds half of it, four"
              + " of them at most. Greater than election_timeout_min.");
  static final Key<Integer> HEARTBEAT_INTERVAL =
      Key.of(
          "heartbeat_interval",
          Kinds.number(1, 30_000, "ms"),
          "50",
          "How often the leader says that it lives: at least so often, and up to five times as"
              + " often to a node that loses heartbeats. At most half of election_timeout_min, so"
              + " that one lost datagram is no election.");

  static final Key<Path> PATH =
      Key.of(
              "path",
              Kinds.PATH,
              "./db1",
              "The data directory, where cluster.db is; made when missing.")
          .alias("data_dir");
  static final Key<Long> MAX_SIZE =
      Key.of(
          "max_size",
          Kinds.size(0, 1L << 40),
          "0",
          "The most live data that the store takes; 0 is unlimited.");
  static final Key<Long> MAX_VALUE_SIZE =
      Key.of(
          "max_value_size",
          Kinds.size(1, Limits.MAX_VALUE_BYTES),
          "1MB",
          "The largest value that a PUT may have.");
  static final Key<Long> REWRITE_MIN_SIZE =
      Key.of(
          "rewrite_min_size",
          Kinds.size(1L << 20, 1L << 40),
          "32MB",
          "How long the log in cluster.db gets before the file is rewritten: this size and"
              + " rewrite_share, together at most rewrite_max_size. A start reads that much log:"
              + " about half a second for the default.");
  static final Key<Integer> REWRITE_SHARE =
      Key.of(
          "rewrite_share",
          Kinds.number(0, 100, "% of the live data"),
          "15",
          "See rewrite_min_size. A larger share writes less, needs more space, and starts slower.");
  static final Key<Long> REWRITE_MAX_SIZE =
      Key.of(
          "rewrite_max_size",
          Kinds.size(1L << 20, 1L << 40),
          "256MB",
          "See rewrite_min_size; not less than it. While it is rewritten cluster.db takes up to"
              + " twice its live data, this size, and 128 MB.");

  static final Key<Integer> MAX_CONNECTIONS =
      Key.of(
          "max_connections",
          Kinds.number(0, 100_000, ""),
          "0",
          "The most connections of clients at a time; 0 stands for "
              + NodeConfig.DEFAULT_MAX_CONNECTIONS
              + ".");
  static final Key<Integer> KEEP_ALIVE_INTERVAL =
      Key.of(
              "dstore_keep_alive_interval",
              Kinds.number(1, 3600, "s"),
              "5",
              "A link between nodes that was silent for so long is probed.")
          .reloadable();
  static final Key<Integer> KEEP_ALIVE_TIMEOUT =
      Key.of(
              "dstore_keep_alive_timeout",
              Kinds.number(1, 3600, "s"),
              "10",
              "A link between nodes that was silent for so long is closed and made anew.")
          .reloadable();
  static final Key<String> COMMUNICATION_PROTOCOL =
      Key.of(
          "communication_protocol",
          Kinds.word("unix"),
          "unix",
          "What the control socket is: a Unix stream socket.");
  static final Key<Path> COMMUNICATION_SOCKET =
      Key.of(
              "communication_socket",
              Kinds.PATH,
              "/tmp/rale_<rale_port>.sock",
              "The control socket, for local users and ralectrl.")
          .alias("socket_path")
          .derived();
  static final Key<Integer> COMMUNICATION_TIMEOUT =
      Key.of(
          "communication_timeout",
          Kinds.number(1, 3600, "s"),
          "5",
          "How long a request may take whose client named no time.");
  static final Key<Integer> COMMUNICATION_MAX_RETRIES =
      Key.of(
              "communication_max_retries",
              Kinds.number(0, 100, ""),
              "3",
              "Retries on the control socket. A Unix socket takes a connection or refuses it at"
                  + " once, so there is nothing to retry.")
          .effect(Effect.NONE);

  static final Key<String> ON_ROLE_CHANGE =
      Key.of(
              "on_role_change",
              Kinds.text(MAX_TEXT_CHARS),
              "",
              "A command for /bin/sh -c, run when the node's role, its leader or the leader's term"
                  + " changes; docs/CONFIGURATION.md says what it is told. Empty: none.")
          .reloadable();
  static final Key<String> ON_MEMBERSHIP_CHANGE =
      Key.of(
              "on_membership_change",
              Kinds.text(MAX_TEXT_CHARS),
              "",
              "The same, when the members change.")
          .reloadable();
  static final Key<Integer> HOOK_TIMEOUT =
      Key.of(
              "hook_timeout",
              Kinds.number(1, 3600, "s"),
              "30",
              "How long a hook may run; then it is sent TERM, and five seconds later KILL.")
          .reloadable();

  static final Key<Path> LOG_DIRECTORY =
      Key.of(
              "log_directory",
              Kinds.PATH,
              "./log",
              "Where log files with a relative name are; made when missing.")
          .reloadable();
  static final LogKeys RALED_LOG =
      LogKeys.of("raled", "the daemon itself: start, stop, elections, membership, failures")
          .aliases("log_file", "log_level");
  static final LogKeys DSTORE_LOG = LogKeys.of("dstore", "the store: log, snapshots, cluster.db");
  static final LogKeys COMM_LOG =
      LogKeys.of("comm", "the network: links between nodes, clients, refused connections");

  /** Keys by what they are about, in the order in which they are told. */
  static final List<Section> SECTIONS =
      List.of(
          new Section(
              "Node",
              List.of(NODE_ID, NODE_NAME, NODE_IP, NODE_PRIORITY, BIND_IP, RALE_PORT, DSTORE_PORT)),
          new Section(
              "Cluster",
              List.of(
                  CLUSTER_NAME,
                  CLUSTER_MEMBERS,
                  ELECTION_TIMEOUT_MIN,
                  ELECTION_TIMEOUT_MAX,
                  HEARTBEAT_INTERVAL)),
          new Section(
              "Data",
              List.of(
                  PATH,
                  MAX_SIZE,
                  MAX_VALUE_SIZE,
                  REWRITE_MIN_SIZE,
                  REWRITE_SHARE,
                  REWRITE_MAX_SIZE)),
          new Section(
              "Connections",
              List.of(
                  MAX_CONNECTIONS,
                  KEEP_ALIVE_INTERVAL,
                  KEEP_ALIVE_TIMEOUT,
                  COMMUNICATION_PROTOCOL,
                  COMMUNICATION_SOCKET,
                  COMMUNICATION_TIMEOUT,
                  COMMUNICATION_MAX_RETRIES)),
          new Section("Hooks", List.of(ON_ROLE_CHANGE, ON_MEMBERSHIP_CHANGE, HOOK_TIMEOUT)),
          new Section("Logs", logKeys()),
          new Section(
              "Security, not there yet",
              List.of(
                  missingProtection("enable_tls", "Encryption of both ports."),
                  missingProtection("require_auth", "Clients and nodes must prove who they are."),
                  noEffect(
                      "tls_cert_file",
                      Kinds.text(MAX_TEXT_CHARS),
                      "",
                      "The certificate of this node."),
                  noEffect(
                      "tls_key_file",
                      Kinds.text(MAX_TEXT_CHARS),
                      "",
                      "The key to the certificate."),
                  noEffect(
                      "tls_ca_file",
                      Kinds.text(MAX_TEXT_CHARS),
                      "",
                      "Whose certificates are trusted."),
                  noEffect(
                      "shared_secret",
                      Kinds.text(MAX_TEXT_CHARS),
                      "",
                      "What members of a cluster know."))),
          new Section(
              "Without effect yet",
              List.of(
                  noEffect("external_ip", Kinds.text(MAX_TEXT_CHARS), "", "Use node_ip."),
                  noEffect(
                      "advertise_rale_port",
                      Kinds.text(MAX_TEXT_CHARS),
                      "",
                      "Peers use rale_port: a port that is translated on the way is not"
                          + " supported."),
                  noEffect(
                      "advertise_dstore_port",
                      Kinds.text(MAX_TEXT_CHARS),
                      "",
                      "Peers use dstore_port: a port that is translated on the way is not"
                          + " supported."),
                  noEffect(
                      "join_cluster",
                      Kinds.text(MAX_TEXT_CHARS),
                      "",
                      "Use ralectrl ADD on a member."),
                  noEffect(
                      "bootstrap_nodes", Kinds.text(MAX_TEXT_CHARS), "", "Use cluster_members."),
                  noEffect(
                      "bootstrap_cluster", Kinds.text(MAX_TEXT_CHARS), "", "Use cluster_members."),
                  noEffect(
                      "max_log_entries_per_request",
                      Kinds.number(1, 1_000_000, ""),
                      "100",
                      "Batches are bounded by bytes."),
                  noEffect(
                      "leadership_priority", Kinds.number(1, 10, ""), "1", "Use node_priority."),
                  noEffect(
                      "auto_stepdown",
                      Kinds.BOOL,
                      "true",
                      "A leader without a majority always steps down."),
                  noEffect(
                      "max_message_size",
                      Kinds.text(MAX_TEXT_CHARS),
                      "",
                      "Messages have fixed bounds."),
                  noEffect(
                      "log_format",
                      Kinds.word("structured", "plain", "compact"),
                      "plain",
                      "All logs are plain."),
                  noEffect("enable_metrics", Kinds.BOOL, "false", "There is no metrics port."))));

  static final List<Key<?>> ALL =
      SECTIONS.stream().<Key<?>>flatMap(section -> section.keys().stream()).toList();

  private static final Map<String, Key<?>> BY_NAME = byName();

  private Keys() {}

  /** Some keys under a title. */
  record Section(String title, List<Key<?>> keys) {
    Section {
      keys = List.copyOf(keys);
    }
  }

  static Optional<Key<?>> find(String nameOrAlias) {
    return Optional.ofNullable(BY_NAME.get(nameOrAlias));
  }

  /** The name as keys are spelled, whatever marks and letters it was written with. */
  static String spelled(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  /** Names and aliases. */
  static Iterable<String> names() {
    return BY_NAME.keySet();
  }

  private static Key<Boolean> missingProtection(String name, String help) {
    return Key.of(name, Kinds.BOOL, "false", help).effect(Effect.MISSING_PROTECTION);
  }

  private static <T> Key<T> noEffect(String name, Kind<T> kind, String defaultText, String help) {
    return Key.of(name, kind, defaultText, help).effect(Effect.NONE);
  }

  private static List<Key<?>> logKeys() {
    List<Key<?>> keys = new ArrayList<>(List.of(LOG_DIRECTORY));
    keys.addAll(RALED_LOG.all());
    keys.addAll(DSTORE_LOG.all());
    keys.addAll(COMM_LOG.all());
    return keys;
  }

  private static Map<String, Key<?>> byName() {
    Map<String, Key<?>> byName = new HashMap<>();
    for (Key<?> key : ALL) {
      List<String> names = new ArrayList<>(key.aliases());
      names.add(key.name());
      for (String name : names) {
        if (byName.put(name, key) != null) {
          throw new IllegalStateException("two keys are called " + name);
        }
      }
    }
    return Map.copyOf(byName);
  }
}
