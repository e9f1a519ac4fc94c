package org.rale.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/** A client that writes without a rest, one write at a time, to whichever node takes it. */
final class Writer implements Runnable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int KEYS = 8;

  private final int number;
  private final List<Daemon> nodes;
  private final Ledger ledger;
  private final Random random;
  private volatile boolean stopping;
  private int generation;
  private long value;
  private long lastRevision;

  Writer(int number, List<Daemon> nodes, Ledger ledger, Random random) {
    this.number = number;
    this.nodes = nodes;
    this.ledger = ledger;
    this.random = random;
  }

  void stop() {
    stopping = true;
  }

  @Override
  public void run() {
    while (!stopping) {
      try (Client client = nodes.get(random.nextInt(nodes.size())).connect()) {
        boolean goOn = true;
        while (goOn && !stopping) {
          goOn = write(client);
        }
      } catch (IOException e) {
        // Nobody listens there now: another node.
        Thread.onSpinWait();
      } catch (RuntimeException e) {
        ledger.fault("writer " + number + ": " + e);
        return;
      }
    }
  }

  /** Returns whether this node is worth another write. */
  private boolean write(Client client) {
    value++;
    String key = "w" + number + "/" + generation + "/" + value % KEYS;
    JsonNode reply;
    try {
      reply =
          JSON.readTree(
              client.ask(
                  "{\"command\":\"PUT\",\"key\":\"%s\",\"value\":\"%d\",\"timeout_ms\":3000}"
                      .formatted(key, value)));
    } catch (IOException e) {
      giveUpKeys();
      return false;
    }
    if (reply.path("status").asText().equals("ok")) {
      long revision = reply.path("revision").asLong();
      ledger.acknowledged(key, value, revision, lastRevision);
      lastRevision = revision;
      return true;
    }
    switch (reply.path("code").asText()) {
      case "UNKNOWN_OUTCOME" -> giveUpKeys();
      case "NO_LEADER", "TIMEOUT", "SHUTTING_DOWN", "OVERLOADED" -> ledger.refused(key, value);
      default -> ledger.fault("PUT " + key + "=" + value + ": " + reply);
    }
    return false;
  }

  private void giveUpKeys() {
    ledger.unknown();
    generation++;
  }
}
