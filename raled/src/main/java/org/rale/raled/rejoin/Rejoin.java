package org.rale.raled.rejoin;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rale.RaleConfig;
import org.rale.RaleConfig.Founder;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.FileStorage;
import org.rale.clusterdb.Storage;
import org.rale.raft.Member;
import org.rale.request.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The course of {@code raled --rejoin}.
 *
 * <ol>
 *   <li>{@link #prepare}, before the node starts: what is left of the own file is read. Where it is
 *       whole and the cluster takes it, there is nothing to do.
 *   <li>Otherwise the cluster is asked to take the node out. Until that is committed nothing is
 *       touched.
 *   <li>A {@link Note} says where the cluster is. Then the old file is deleted.
 *   <li>The node starts as a new one, and {@link #enter} asks for its ADD.
 * </ol>
 *
 * <p>A crash anywhere leaves what the same command goes on from: before the third step the old
 * file, after it the note, and the cluster answers both questions again as it did.
 */
public final class Rejoin {
  private static final Logger log = LoggerFactory.getLogger(Rejoin.class);
  private static final String LEFT_OVER = "cluster.db.new";
  private static final int PAUSE_MS = 300;

  private final RaleConfig config;
  private final List<Server> given;
  private final Patience patience;
  private final CountDownLatch stop = new CountDownLatch(1);
  private @Nullable Entering entering;

  /**
   * How long the cluster may take to agree.
   *
   * @param healthy for a node whose file is whole, and which starts with it if nobody answers: when
   *     all start at once, none can wait for the others
   */
  public record Patience(Duration normal, Duration healthy) {
    public static final Patience OF_PEOPLE =
        new Patience(Duration.ofSeconds(20), Duration.ofSeconds(3));
  }

  /**
   * @param given the members to ask; empty: those that the configuration and the own file name
   */
  public Rejoin(RaleConfig config, List<Server> given, Patience patience) {
    this.config = config;
    this.given = List.copyOf(given);
    this.patience = patience;
  }

  /** Ends what is under way; the file is touched no more. */
  public void stop() {
    stop.countDown();
  }

  /**
   * Does all that comes before the start.
   *
   * @return whether {@link #enter} is to be called when the node has started
   */
  public boolean prepare() throws IOException, ClusterDbException, RejoinException {
    try (FileStorage storage = FileStorage.open(config.dataDirectory())) {
      OwnData own = OwnData.read(storage, config.dataDirectory(), config.nodeId());
      if (own.state() == OwnData.State.NOT_OURS) {
        return false;
      }
      return prepare(storage, own);
    }
  }

  /** With the directory held; its own so that a test can let the storage fail. */
  boolean prepare(Storage storage, OwnData own) throws IOException, RejoinException {
    Optional<Note> note = Note.read(storage);
    List<Server> servers = servers(own, note);
    if (servers.isEmpty()) {
      return nobodyKnown(own);
    }
    long clusterId = own.inCluster() ? own.clusterId() : note.map(Note::clusterId).orElse(0L);
    say(own, servers);
    Agreement.Verdict verdict;
    try {
      verdict = agree(new Agreement(own, self(), clusterId, servers), own);
    } catch (NotNowException e) {
      return notAgreed(own, e.getMessage());
    }
    return verdict.isMember() ? stays(note, verdict) : leaves(storage, own, verdict);
  }

  /** Those that were given, or else all that are known; never this node. */
  private List<Server> servers(OwnData own, Optional<Note> note) {
    if (!given.isEmpty()) {
      return given;
    }
    Set<Server> servers = new LinkedHashSet<>();
    for (Member member : own.membership().members()) {
      if (member.id() != config.nodeId()) {
        servers.add(Server.of(member));
      }
    }
    note.ifPresent(it -> servers.addAll(it.servers()));
    for (Founder founder : config.founders()) {
      if (founder.id() != config.nodeId()) {
        servers.add(new Server(founder.host(), founder.dstorePort()));
      }
    }
    return new ArrayList<>(servers);
  }

  private boolean nobodyKnown(OwnData own) throws RejoinException {
    if (own.isWhole() && own.inCluster()) {
      log.info("nothing to rejoin: node {} is the only member of its cluster", config.nodeId());
      return false;
    }
    if (own.membership().contains(config.nodeId())) {
      throw new RejoinException(
          RejoinException.Kind.REFUSED,
          "node "
              + config.nodeId()
              + " can't rejoin: it is the only member of its cluster, so nobody else has the data."
              + " cluster.db is as it was; \"ralectrl DB check\" says what is readable in it");
    }
    throw new RejoinException(
        RejoinException.Kind.WRONG,
        "node "
            + config.nodeId()
            + " can't rejoin: no member of its cluster is known, neither from cluster_members nor"
            + " from cluster.db. Name one with --server HOST:PORT");
  }

  private void say(OwnData own, List<Server> servers) {
    String state =
        switch (own.state()) {
          case MISSING -> "there is no cluster.db";
          case WHOLE -> own.inCluster() ? "cluster.db is whole" : "cluster.db is of no cluster yet";
          case DAMAGED -> String.valueOf(own.fault());
          case NOT_OURS -> throw new IllegalStateException("not to be rejoined with");
        };
    log.info("rejoin of node {}: {}; asking {}", config.nodeId(), state, servers);
  }

  private Agreement.Verdict agree(Agreement agreement, OwnData own)
      throws NotNowException, RejoinException {
    boolean healthy = own.isWhole() && own.inCluster();
    Duration time = healthy ? patience.healthy() : patience.normal();
    long end = System.nanoTime() + time.toNanos();
    String said = "";
    while (true) {
      try {
        return agreement.ask();
      } catch (NotNowException e) {
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(said)) {
          log.info("the cluster does not agree yet: {}", reason);
          said = reason;
        }
        if (isStopped(PAUSE_MS)) {
          throw new RejoinException(
              RejoinException.Kind.STOPPED,
              "stopped while it asked the cluster; cluster.db is as it was");
        }
        if (System.nanoTime() >= end) {
          throw e;
        }
      }
    }
  }

  private boolean isStopped(int ms) {
    try {
      return stop.await(ms, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the main thread", e);
    }
  }

  private boolean notAgreed(OwnData own, @Nullable String reason) throws RejoinException {
    if (own.isWhole() && own.inCluster()) {
      log.warn("cluster.db is whole and nobody refuses it: starting with it ({})", reason);
      return false;
    }
    throw new RejoinException(
        RejoinException.Kind.REFUSED,
        "node "
            + config.nodeId()
            + " can't rejoin: the cluster did not agree. Its data is as it was. ("
            + reason
            + ") Bring a majority of the others up and try again; if a majority is lost for good,"
            + " see raled --force-new-cluster. For the first start of a new cluster leave --rejoin"
            + " away");
  }

  /**
   * Where a note is left, its ADD may not be done: the node may be a learner that nobody awaits.
   */
  private boolean stays(Optional<Note> note, Agreement.Verdict verdict) {
    log.info(
        "nothing to rejoin: the cluster knows this cluster.db as that of node {}", config.nodeId());
    if (note.isPresent()) {
      entering = entering(verdict);
    }
    return note.isPresent();
  }

  private boolean leaves(Storage storage, OwnData own, Agreement.Verdict verdict)
      throws IOException {
    log.info(
        "{}",
        String.format(
            Locale.ROOT,
            "cluster %016x does not count on this node's data any more",
            verdict.clusterId()));
    new Note(verdict.clusterId(), verdict.servers()).write(storage);
    if (storage.exists(LEFT_OVER)) {
      storage.delete(LEFT_OVER);
    }
    // One of no cluster has never promised anything, and nobody knows it.
    if (storage.exists(OwnData.FILE) && !(own.isWhole() && !own.inCluster())) {
      storage.delete(OwnData.FILE);
      log.info("file \"{}\" was deleted", storage.describe(OwnData.FILE));
    }
    storage.syncDirectory();
    entering = entering(verdict);
    return true;
  }

  private Entering entering(Agreement.Verdict verdict) {
    return new Entering(
        new Seat.Home(config.nodeId(), verdict.clusterId()), verdict.servers(), self());
  }

  /** This node, as the cluster shall know it. */
  private Request.Add self() {
    return new Request.Add(
        config.nodeId(), config.nodeName(), config.host(), config.ralePort(), config.dstorePort());
  }

  /** Where the directory gets a cluster of its own: the way back to the former one ends. */
  public static void forget(Storage storage) throws IOException {
    if (storage.exists(Note.FILE)) {
      storage.delete(Note.FILE);
    }
  }

  /** Returns when the node is a voting member again, or after {@link #stop}. */
  public void enter() throws InterruptedException, IOException {
    Entering asked = entering;
    if (asked == null) {
      throw new IllegalStateException("there is nothing to enter");
    }
    if (asked.run(stop)) {
      // The node holds the directory by now. A note that comes back after a power loss does no
      // harm.
      Files.deleteIfExists(config.dataDirectory().resolve(Note.FILE));
    }
  }
}
