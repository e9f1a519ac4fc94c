package org.rale.raled.rejoin;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.rale.request.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the cluster to take this node in, which runs as a new one, until that is done. */
final class Entering {
  private static final Logger log = LoggerFactory.getLogger(Entering.class);

  /** How long one ADD may take: the data must come over within it. */
  private static final int ADD_MS = 600_000;

  private static final int FIRST_PAUSE_MS = 500;
  private static final int LAST_PAUSE_MS = 30_000;

  private final Seat.Home home;
  private final List<Server> servers;
  private final Request.Add add;
  private String said = "";

  Entering(Seat.Home home, List<Server> servers, Request.Add add) {
    this.home = home;
    this.servers = List.copyOf(servers);
    this.add = add;
  }

  /** Returns when the node is a voting member, or when the latch was opened. */
  boolean run(CountDownLatch stop) throws InterruptedException {
    int pauseMs = FIRST_PAUSE_MS;
    while (stop.getCount() > 0) {
      for (Server server : servers) {
        if (isTakenIn(server)) {
          log.info("node {} is a voting member again: rejoined", add.id());
          return true;
        }
      }
      stop.await(pauseMs, TimeUnit.MILLISECONDS);
      pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS);
    }
    return false;
  }

  private boolean isTakenIn(Server server) {
    try (Seat seat = Seat.take(server, home)) {
      log.info("asking {} to ADD node {}", server, add.id());
      seat.ask(add, ADD_MS);
      return true;
    } catch (NotNowException | RejoinException | IOException e) {
      String words = server + ": " + Agreement.words(e);
      if (!words.equals(said)) {
        log.warn("node {} is not taken in yet, and asks again: {}", add.id(), words);
        said = words;
      }
      return false;
    }
  }
}
