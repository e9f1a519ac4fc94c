package org.rale.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.rale.history.Op;

/**
 * A client that reads and changes keys at any node, one request at a time, and records what it was
 * told. Where it is not told what became of a change, it may send it again to another node under
 * the same client id and sequence, or leave it.
 */
final class Caller implements Runnable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_ATTEMPTS = 5;
  private static final int THINK_MS = 30;

  /** How long a request may take, and how long the caller waits for an answer beyond that. */
  private static final int[] TIMEOUTS_MS = {300, 1000, 3000};

  private static final int GRACE_MS = 500;

  /** Nothing was done, and another node or moment may do better. */
  private static final Set<String> REFUSALS =
      Set.of("NO_LEADER", "TIMEOUT", "SHUTTING_DOWN", "OVERLOADED", "NOT_MEMBER");

  private enum Outcome {
    TOLD,
    REFUSED,
    UNKNOWN
  }

  private final int number;
  private final List<Daemon> nodes;
  private final Keys keys;
  private final Recorder recorder;
  private final Random random;
  private final Duration patience;
  private final int timeoutMs;

  /** The last revision of each key that this client was told. */
  private final Map<String, Long> known = new HashMap<>();

  private volatile boolean stopping;
  private volatile Throwable fault;
  private Client connection;
  private String clientId;
  private long sequence;
  private long values;

  Caller(int number, List<Daemon> nodes, Keys keys, Recorder recorder, Random random) {
    this.number = number;
    this.nodes = nodes;
    this.keys = keys;
    this.recorder = recorder;
    this.random = random;
    this.timeoutMs = TIMEOUTS_MS[number % TIMEOUTS_MS.length];
    this.patience = Duration.ofMillis(timeoutMs + GRACE_MS);
    rename();
  }

  private void rename() {
    clientId = "%016x%016x".formatted(random.nextLong(), random.nextLong());
    sequence = 0;
  }

  void stop() {
    stopping = true;
  }

  /** What it met that no client should, or null. */
  Throwable fault() {
    return fault;
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        if (random.nextInt(20) == 0) {
          leave();
        }
        call();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(THINK_MS));
      }
    } catch (RuntimeException | InterruptedException e) {
      fault = e;
    } finally {
      leave();
    }
  }

  private void call() throws InterruptedException {
    Op op = draw();
    ObjectNode request = request(op);
    boolean named = op.kind != Op.Kind.GET && random.nextInt(10) < 7;
    if (named) {
      request.put("client_id", clientId).put("sequence", ++sequence);
      request.put("acknowledged", sequence - 1);
    }
    recorder.begin(op);
    boolean uncertain = false;
    for (int attempt = 1; attempt <= (named ? MOST_ATTEMPTS : 1); attempt++) {
      Outcome outcome = attempt(op, request, uncertain);
      if (outcome == Outcome.TOLD || (outcome == Outcome.REFUSED && !uncertain)) {
        return;
      }
      uncertain = true;
      if (named) {
        request.put("retry", true);
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(THINK_MS));
    }
    recorder.unknown(op);
    if (op.kind != Op.Kind.GET) {
      keys.leftOpen(op.key);
      rename();
    }
  }

  private Op draw() {
    int kind = random.nextInt(100);
    if (kind < 40) {
      return new Op(number, Op.Kind.GET, keys.toRead(random), null, 0, recorder.now());
    }
    String key = keys.toChange(random);
    if (kind < 70) {
      return new Op(number, Op.Kind.PUT, key, value(), 0, recorder.now());
    } else if (kind < 90) {
      long expected = known.getOrDefault(key, 0L);
      return new Op(number, Op.Kind.CAS, key, value(), expected, recorder.now());
    }
    return new Op(number, Op.Kind.DELETE, key, null, 0, recorder.now());
  }

  private String value() {
    return "c" + number + "-" + ++values;
  }

  private ObjectNode request(Op op) {
    ObjectNode request = JSON.createObjectNode();
    request.put("command", op.kind.name()).put("key", op.key).put("timeout_ms", timeoutMs);
    if (op.kind == Op.Kind.PUT || op.kind == Op.Kind.CAS) {
      request.put("value", op.value);
    }
    if (op.kind == Op.Kind.CAS) {
      request.put("revision", op.expected);
    }
    return request;
  }

  /**
   * @param uncertain whether an earlier attempt may have been carried out
   */
  private Outcome attempt(Op op, ObjectNode request, boolean uncertain) {
    JsonNode reply;
    try {
      if (connection == null) {
        connection = nodes.get(random.nextInt(nodes.size())).connect(patience);
      }
    } catch (IOException e) {
      return refused(op, e instanceof ConnectException ? "no listener" : "no route", uncertain);
    }
    try {
      reply = JSON.readTree(connection.ask(request.toString()));
    } catch (IOException e) {
      leave();
      return Outcome.UNKNOWN;
    }
    if (reply.path("status").asText().equals("ok")) {
      done(op, reply);
      return Outcome.TOLD;
    }
    return failed(op, reply, uncertain);
  }

  private void done(Op op, JsonNode reply) {
    long revision = reply.path("revision").asLong();
    if (op.kind == Op.Kind.GET) {
      op.value = reply.path("value").asText();
    }
    boolean yes = op.kind != Op.Kind.DELETE || reply.path("deleted").asInt() == 1;
    recorder.told(op, yes, revision);
    known.put(op.key, revision);
  }

  private Outcome failed(Op op, JsonNode reply, boolean uncertain) {
    String code = reply.path("code").asText();
    if (code.equals("KEY_NOT_FOUND") && op.kind == Op.Kind.GET) {
      recorder.told(op, false, 0);
      known.remove(op.key);
      return Outcome.TOLD;
    }
    if (code.equals("REVISION_MISMATCH") && op.kind == Op.Kind.CAS) {
      long revision = reply.path("revision").asLong();
      recorder.told(op, false, revision);
      known.put(op.key, revision);
      return Outcome.TOLD;
    }
    leave();
    if (code.equals("UNKNOWN_OUTCOME") && op.kind != Op.Kind.GET) {
      return Outcome.UNKNOWN;
    }
    if (REFUSALS.contains(code)) {
      return refused(op, code, uncertain);
    }
    throw new IllegalStateException("client " + number + " got " + reply + " for " + op);
  }

  private Outcome refused(Op op, String why, boolean uncertain) {
    if (!uncertain) {
      recorder.refused(op, why);
    }
    return Outcome.REFUSED;
  }

  /** The next request goes over a new connection, to any node. */
  private void leave() {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        // It was of no use any more.
      }
      connection = null;
    }
  }
}
