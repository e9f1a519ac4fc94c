package org.rale.ralectrl.commands;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.rale.dstore.LeaseItem;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.ralectrl.output.BoxTable;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class LeaseCommand implements Command {
  private static final String WORDS = "grant, keepalive, revoke or list";
  private static final List<String> COLUMNS = List.of("lease", "ttl_s", "keys");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "LEASE",
        "make, keep, end or list leases",
        List.of(
            "ralectrl [GLOBAL OPTIONS] LEASE grant TTL",
            "       ralectrl [GLOBAL OPTIONS] LEASE keepalive LEASE",
            "       ralectrl [GLOBAL OPTIONS] LEASE revoke LEASE",
            "       ralectrl [GLOBAL OPTIONS] LEASE list"),
        List.of(
            "Leases, and with them the keys that PUT --lease, CAS --lease or TXN hung on them, end"
                + " when nobody keeps them alive.",
            "grant:     makes one that lasts TTL seconds, 1 to 86400, and prints its id.",
            "keepalive: it lasts its whole time again, counted from when this was sent.",
            "revoke:    ends it at once, with its keys, and prints how many those were.",
            "list:      those that there are."),
        new Syntax.Positions("TTL|LEASE", "Seconds, decimals allowed; the id of a lease."),
        List.of());
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    if (given.positions().isEmpty()) {
      throw Given.wrong("LEASE", WORDS + " is missing");
    }
    switch (given.positions().get(0).toLowerCase(Locale.ROOT)) {
      case "grant" -> grant(Texts.ttlMs("TTL", behind(given.positions(), "TTL")), session);
      case "keepalive" ->
          keepAlive(Texts.lease("LEASE", behind(given.positions(), "LEASE")), session);
      case "revoke" -> revoke(Texts.lease("LEASE", behind(given.positions(), "LEASE")), session);
      case "list" -> list(given.positions(), session);
      default ->
          throw Given.wrong(
              "LEASE", "unknown word \"%s\": %s".formatted(given.positions().get(0), WORDS));
    }
  }

  /** The one value behind the word. */
  private static String behind(List<String> positions, String name) throws Failure {
    if (positions.size() != 2) {
      throw Given.wrong(
          "LEASE",
          "1 %s is expected behind %s, but there are %d"
              .formatted(name, positions.get(0), positions.size() - 1));
    }
    return positions.get(1);
  }

  private static void grant(long ttlMs, Session session) throws Failure, IOException {
    session.show(
        new Request.Change(new StoreCommand.LeaseGrant(Origin.NONE, ttlMs)),
        Response.LeaseGranted.class,
        answer -> session.output().line(Long.toString(answer.lease())));
  }

  private static void keepAlive(long lease, Session session) throws Failure, IOException {
    session.show(
        new Request.LeaseKeepAlive(lease),
        Response.LeaseKept.class,
        answer ->
            session
                .output()
                .line("lease %d lasts %s s".formatted(answer.lease(), seconds(answer.ttlMs()))));
  }

  private static void revoke(long lease, Session session) throws Failure, IOException {
    session.show(
        new Request.Change(new StoreCommand.LeaseRevoke(Origin.NONE, lease)),
        Response.LeaseRevoked.class,
        answer -> session.output().line("deleted " + answer.deleted()));
  }

  private static void list(List<String> positions, Session session) throws Failure, IOException {
    if (positions.size() > 1) {
      throw Given.wrong(
          "LEASE", "nothing is expected behind list, but there are " + (positions.size() - 1));
    }
    session.show(
        new Request.Leases(),
        Response.LeaseList.class,
        answer -> session.output().line(BoxTable.plain(COLUMNS, rows(answer.leases()))));
  }

  private static List<List<String>> rows(List<LeaseItem> leases) {
    return leases.stream()
        .map(
            lease ->
                List.of(
                    Long.toString(lease.id()),
                    seconds(lease.ttlMs()),
                    Integer.toString(lease.keys())))
        .toList();
  }

  private static String seconds(long ms) {
    return BigDecimal.valueOf(ms, 3).stripTrailingZeros().toPlainString();
  }
}
