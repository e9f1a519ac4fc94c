package org.rale.raled.config;

import static org.rale.raled.config.Keys.BIND_IP;
import static org.rale.raled.config.Keys.CLUSTER_MEMBERS;
import static org.rale.raled.config.Keys.COMMUNICATION_SOCKET;
import static org.rale.raled.config.Keys.DSTORE_PORT;
import static org.rale.raled.config.Keys.ELECTION_TIMEOUT_MAX;
import static org.rale.raled.config.Keys.ELECTION_TIMEOUT_MIN;
import static org.rale.raled.config.Keys.HEARTBEAT_INTERVAL;
import static org.rale.raled.config.Keys.KEEP_ALIVE_INTERVAL;
import static org.rale.raled.config.Keys.KEEP_ALIVE_TIMEOUT;
import static org.rale.raled.config.Keys.NODE_ID;
import static org.rale.raled.config.Keys.NODE_IP;
import static org.rale.raled.config.Keys.NODE_NAME;
import static org.rale.raled.config.Keys.RALE_PORT;
import static org.rale.raled.config.Keys.REWRITE_MAX_SIZE;
import static org.rale.raled.config.Keys.REWRITE_MIN_SIZE;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rale.RaleConfig.Founder;
import org.rale.settings.Place;
import org.rale.settings.Problem;

/** What must hold between keys, each of which is in its own range. */
final class CrossChecks {
  /** sun_path has 108 bytes, of which the last is a NUL; PostgreSQL refuses at the same length. */
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  private final Settings settings;
  private final List<Problem> problems;

  private CrossChecks(Settings settings, List<Problem> problems) {
    this.settings = settings;
    this.problems = problems;
  }

  static void check(Settings settings, List<Problem> problems) {
    CrossChecks checks = new CrossChecks(settings, problems);
    checks.timeouts();
    checks.rewrites();
    checks.keepAlive();
    checks.members();
    checks.addresses();
    checks.socket();
    checks.logFiles();
  }

  private void timeouts() {
    int min = settings.get(ELECTION_TIMEOUT_MIN);
    int max = settings.get(ELECTION_TIMEOUT_MAX);
    int heartbeat = settings.get(HEARTBEAT_INTERVAL);
    if (min >= max) {
      fail(
          "election_timeout_min must be less than election_timeout_max",
          "They are "
              + min
              + " ms and "
              + max
              + " ms. Nodes with equal timeouts stand for"
              + " election at the same time, and split the votes.",
          "The default is 150 and 300; twice the minimum is a good maximum.",
          ELECTION_TIMEOUT_MIN,
          ELECTION_TIMEOUT_MAX);
    }
    if (heartbeat > min / 2) {
      fail(
          "heartbeat_interval must be at most half of election_timeout_min",
          "They are "
              + heartbeat
              + " ms and "
              + min
              + " ms: one lost heartbeat would be an"
              + " election.",
          "A third is the default.",
          HEARTBEAT_INTERVAL,
          ELECTION_TIMEOUT_MIN);
    }
  }

  private void rewrites() {
    long min = settings.get(REWRITE_MIN_SIZE);
    long max = settings.get(REWRITE_MAX_SIZE);
    if (max < min) {
      fail(
          "rewrite_max_size must not be less than rewrite_min_size",
          "They are " + max + " and " + min + " bytes.",
          "The default is 256MB and 32MB.",
          REWRITE_MAX_SIZE,
          REWRITE_MIN_SIZE);
    }
  }

  private void keepAlive() {
    int interval = settings.get(KEEP_ALIVE_INTERVAL);
    int timeout = settings.get(KEEP_ALIVE_TIMEOUT);
    if (timeout <= interval) {
      problems.add(
          Problem.warning(
              placeOf(KEEP_ALIVE_TIMEOUT, KEEP_ALIVE_INTERVAL),
              "dstore_keep_alive_timeout is not greater than dstore_keep_alive_interval",
              "They are "
                  + timeout
                  + " s and "
                  + interval
                  + " s: a quiet link is closed before it is probed."));
    }
  }

  private void members() {
    if (!settings.isSet(CLUSTER_MEMBERS)) {
      return;
    }
    List<Founder> founders = settings.get(CLUSTER_MEMBERS).founders();
    if (founders.isEmpty()) {
      return;
    }
    int id = settings.get(NODE_ID);
    Optional<Founder> own = founders.stream().filter(founder -> founder.id() == id).findFirst();
    if (own.isEmpty()) {
      fail(
          "cluster_members does not name this node, whose node_id is " + id,
          "It names " + founders.stream().map(founder -> "" + founder.id()).toList() + ".",
          "Every node needs the same list, itself in it.",
          CLUSTER_MEMBERS);
      return;
    }
    List<String> differences = new ArrayList<>();
    differ(differences, NODE_NAME, own.get().name());
    differ(differences, NODE_IP, own.get().host());
    differ(differences, RALE_PORT, own.get().ralePort());
    differ(differences, DSTORE_PORT, own.get().dstorePort());
    if (!differences.isEmpty()) {
      fail(
          "cluster_members and this node's own keys differ",
          String.join("; ", differences) + ".",
          "Make them equal.",
          CLUSTER_MEMBERS);
    }
  }

  private <T> void differ(List<String> differences, Key<T> key, T inMembers) {
    T own = settings.get(key);
    if (!own.equals(inMembers)) {
      differences.add(key.name() + " is " + own + ", in cluster_members it is " + inMembers);
    }
  }

  private void addresses() {
    String bind = settings.find(BIND_IP).orElse(settings.get(NODE_IP));
    boolean listensLocally = bind.startsWith("127.") || bind.equals("::1");
    String node = settings.get(NODE_IP);
    boolean nodeIsLocal =
        node.startsWith("127.") || node.equals("::1") || node.equalsIgnoreCase("localhost");
    if (listensLocally && !nodeIsLocal) {
      problems.add(
          Problem.warning(
              placeOf(BIND_IP, NODE_IP),
              "no other host can reach this node",
              "It listens on " + bind + ", but tells its peers to use " + node + "."));
    }
  }

  private void socket() {
    settings
        .find(COMMUNICATION_SOCKET)
        .map(path -> path.toString().getBytes(StandardCharsets.UTF_8).length)
        .filter(length -> length > MAX_SOCKET_PATH_BYTES)
        .ifPresent(
            length ->
                fail(
                    "the path of communication_socket is too long",
                    "It has " + length + " bytes: expected at most " + MAX_SOCKET_PATH_BYTES + ".",
                    "Choose a shorter one; a relative one is allowed.",
                    COMMUNICATION_SOCKET));
  }

  /** Two appenders that rotate one file each in its own way would lose lines. */
  private void logFiles() {
    List<LogKeys> logs = List.of(Keys.RALED_LOG, Keys.DSTORE_LOG, Keys.COMM_LOG);
    for (int i = 0; i < logs.size(); i++) {
      for (int j = 0; j < i; j++) {
        sharedFile(logs.get(j), logs.get(i));
      }
    }
  }

  private void sharedFile(LogKeys one, LogKeys other) {
    LogConfig first = one.read(settings);
    LogConfig second = other.read(settings);
    boolean shared =
        first.destination() == LogDestination.FILE
            && second.destination() == LogDestination.FILE
            && first.file().normalize().equals(second.file().normalize());
    if (shared
        && (first.rotationSizeMb() != second.rotationSizeMb()
            || first.rotationAgeDays() != second.rotationAgeDays())) {
      fail(
          other.file().name() + " and " + one.file().name() + " are the same file",
          "Logs that share a file must have the same rotation_size and rotation_age.",
          null,
          other.file(),
          one.file());
    }
  }

  private void fail(String message, String detail, @Nullable String hint, Key<?>... causes) {
    problems.add(Problem.error(placeOf(causes), message, detail, hint));
  }

  /** Where the first of the keys was set that was set anywhere; one of them was, or all is well. */
  private Place placeOf(Key<?>... causes) {
    for (Key<?> cause : causes) {
      Optional<Place> place = settings.place(cause);
      if (place.isPresent()) {
        return place.get();
      }
    }
    throw new IllegalStateException("the defaults of " + causes[0].name() + " contradict");
  }
}
