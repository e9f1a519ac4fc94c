package org.rale;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.FileStorage;
import org.rale.clusterdb.Opening;
import org.rale.command.CommandParser;
import org.rale.command.Form;
import org.rale.command.ParsedLine;
import org.rale.command.ReplyRenderer;
import org.rale.raft.RaftStatus;
import org.rale.raft.Role;
import org.rale.replica.ClusterView;
import org.rale.replica.Replica;
import org.rale.replica.ReplicaInput;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;

/**
 * A RALE node in this process. Safe to use from any thread.
 *
 * <p>The node moves in turns. Either one thread stays in {@link #run}, as the daemon's does, or the
 * program calls {@link #quorumProcess} often, say every few milliseconds. {@link #processCommand}
 * takes turns itself while it waits.
 */
public final class Rale implements AutoCloseable {
  private final RaleConfig config;
  private final FileStorage storage;
  private final Engine engine;
  private final CommandParser parser;
  private final int tickMs;
  private volatile boolean hurried;

  private Rale(RaleConfig config, FileStorage storage, Engine engine, int tickMs) {
    this.config = config;
    this.storage = storage;
    this.engine = engine;
    this.parser = new CommandParser(config.maxValueBytes());
    this.tickMs = tickMs;
  }

  /**
   * Opens the node's cluster.db, or makes it, and begins to talk to its peers.
   *
   * @throws ClusterDbException when the file is damaged, another node's, or in use
   * @throws IOException when the directory can't be used
   */
  public static Rale init(RaleConfig config, Transport transport)
      throws IOException, ClusterDbException {
    return init(config, transport, (done, size) -> {});
  }

  /**
   * The same.
   *
   * @param progress is told now and then how far the file is read, on the calling thread
   */
  public static Rale init(RaleConfig config, Transport transport, Opening.Progress progress)
      throws IOException, ClusterDbException {
    SecureRandom seed = new SecureRandom();
    Settings settings = Settings.of(config);
    FileStorage storage = FileStorage.open(config.dataDirectory());
    try {
      Opening opening = new Opening(settings.replica().raft().trailingBytes(), progress);
      ClusterDb.Opened opened = ClusterDb.open(storage, config.nodeId(), seed, opening);
      Engine engine =
          new Engine(settings, opened, new SplittableRandom(seed.nextLong()), transport);
      engine.start();
      return new Rale(config, storage, engine, settings.tickMs());
    } catch (Throwable e) {
      storage.close();
      throw e;
    }
  }

  /** One non-blocking turn of the node. Returns whether there was anything to do. */
  public boolean quorumProcess() {
    return engine.turn();
  }

  /** Takes turns until {@link #finit}; throws when the node fails. */
  public void run() throws InterruptedException {
    while (!engine.isStopped()) {
      if (!engine.turn()) {
        engine.await();
      }
    }
  }

  /**
   * Carries out a line of the text or JSON protocol, and returns the reply line. Waits for it as
   * long as the request allows.
   */
  public String processCommand(String line) throws InterruptedException {
    ParsedLine parsed = parser.parse(line.getBytes(StandardCharsets.UTF_8));
    if (parsed instanceof ParsedLine.Rejected rejected) {
      return text(ReplyRenderer.render(rejected));
    }
    if (parsed instanceof ParsedLine.Answered answered) {
      return text(ReplyRenderer.render(answered));
    }
    ParsedLine.Parsed request = (ParsedLine.Parsed) parsed;
    CompletableFuture<Response> reply = new CompletableFuture<>();
    submit(
        request.request(), request.timeoutMs().orElse(config.requestTimeoutMs()), reply::complete);
    while (!reply.isDone()) {
      if (!engine.turn()) {
        engine.await();
      }
    }
    return text(ReplyRenderer.render(form(request), reply.join()));
  }

  private static Form form(ParsedLine.Parsed request) {
    return request.form();
  }

  private static String text(byte[] line) {
    return new String(line, StandardCharsets.UTF_8);
  }

  /**
   * Asks without waiting.
   *
   * @param reply called once, on whichever thread runs the turn; it must not block
   */
  public void submit(Request request, int timeoutMs, Consumer<Response> reply) {
    submit(ReplicaInput.Submit.ALONE, request, timeoutMs, reply);
  }

  /**
   * The same, in order: the changes and the reads of a key with the same number are told what they
   * would be told one by one, though all are under way at once. Their replies come in any order.
   *
   * @param connection any number above 0, below 2^63; 0: there are no others
   */
  public void submit(long connection, Request request, int timeoutMs, Consumer<Response> reply) {
    if (connection < 0) {
      // A leader would take it for damage, and end the link.
      throw new IllegalArgumentException("no number of a connection: " + connection);
    }
    Failed refusal = Bounds.refuse(request, config.maxValueBytes());
    if (refusal == null) {
      engine.submit(connection, request, timeoutMs, reply);
    } else {
      reply.accept(refusal);
    }
  }

  /** The reply to STATUS: this node's own view. */
  public String getStatus() {
    Response status = engine.ask(Replica::status);
    return text(ReplyRenderer.render(new Form.Text(new Request.Status()), status));
  }

  public RaleState state() {
    return engine.ask(this::state);
  }

  private RaleState state(Replica replica) {
    RaftStatus raft = replica.raftStatus();
    boolean leads = raft.role() == Role.LEADER;
    boolean votes = raft.membership().isVoter(config.nodeId());
    long silence = (long) raft.silentTicks() * tickMs;
    long timeout = (long) raft.timeoutTicks() * tickMs;
    return new RaleState(
        raft.term(),
        raft.votedFor(),
        raft.leaderId(),
        replica.role(),
        raft.lastIndex(),
        raft.lastTerm(),
        raft.commitIndex(),
        raft.appliedIndex(),
        raft.leaderId() < 0 ? -1 : leads ? 0 : silence,
        leads || !votes ? -1 : Math.max(0, timeout - silence));
  }

  /** Whom this node believes in, and whom it wants links to. */
  public ClusterView view() {
    return engine.view();
  }

  /**
   * Ends the node well: it hands leadership over, answers what is under way, and closes its file.
   * Takes as long as an election at most.
   */
  public void finit() throws InterruptedException, IOException {
    if (engine.isStopped()) {
      return;
    }
    long patience = 4L * config.electionTimeoutMaxMs();
    try {
      engine.leave();
      long until = System.nanoTime() + patience * 1_000_000;
      while (!hurried && !engine.ask(Replica::mayEnd) && System.nanoTime() < until) {
        if (!engine.turn()) {
          engine.await();
        }
      }
    } finally {
      // Also when the node fails meanwhile: who waits for an answer gets one.
      end(patience);
    }
  }

  /** Lets {@link #finit}, now or later, wait for nobody else. Returns at once. */
  public void hurry() {
    hurried = true;
  }

  /** Ends the node at once; what was acknowledged is durable all the same. */
  @Override
  public void close() throws IOException {
    try {
      end(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(long patienceMs) throws InterruptedException, IOException {
    // While the disk thread lives the directory stays locked: it would write over the next owner's.
    if (!engine.isStopped() && engine.stop(patienceMs + 1000)) {
      storage.close();
    }
  }
}
