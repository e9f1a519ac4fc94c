package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.bytes.Bytes;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.dstore.TxnResult;
import org.rale.ralectrl.client.Answer;
import org.rale.ralectrl.client.Client;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.ralectrl.output.Quoted;
import org.rale.request.Request;
import org.rale.request.Response;

final class TxnCommand implements Command {
  private boolean succeeded;

  @Override
  public Syntax syntax() {
    return new Syntax(
        "TXN",
        "several conditions and changes as one step",
        List.of("ralectrl [GLOBAL OPTIONS] TXN DOCUMENT|FILE|-"),
        List.of(
            "Several conditions and changes as one step: where all conditions hold, the one list,"
                + " else the other one. The JSON document begins with {, or is in a file, or comes"
                + " by the standard input:",
            "{\"compare\":[{\"key\":\"k\",\"exists\":false}],",
            " \"then\":[{\"command\":\"PUT\",\"key\":\"k\",\"value\":\"v\"}],",
            " \"else\":[{\"command\":\"GET\",\"key\":\"k\"}]}",
            "Prints which list was done, and a line for each of its steps. Exits with 0 where all"
                + " conditions held, with 9 where they did not and \"else\" was done."),
        new Syntax.Positions(
            "DOCUMENT|FILE|-", "The transaction; docs/PROTOCOL.md has all that it may say."),
        List.of());
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    if (given.positions().size() != 1) {
      throw Given.wrong("TXN", "1 DOCUMENT is expected, but there are " + given.positions().size());
    }
    Request.Change request = TxnDocument.read(given.positions().get(0), session.input());
    Answer answer = new Client(session.servers(), session.timeout(Session.SHORT)).ask(request);
    Response.Txn txn = answer.as(Response.Txn.class);
    succeeded = txn.succeeded();
    session
        .output()
        .line(
            session.output().isJson()
                ? answer.json()
                : lines((StoreCommand.Txn) request.command(), txn));
  }

  @Override
  public int exitCode() {
    return succeeded ? ExitCode.DONE : ExitCode.CONDITIONS_FAILED;
  }

  private static String lines(StoreCommand.Txn asked, Response.Txn txn) {
    StringBuilder lines = new StringBuilder(80);
    lines.append(txn.succeeded() ? "then" : "else").append(" revision ").append(txn.revision());
    List<TxnOp> steps = asked.branch(txn.succeeded());
    for (int i = 0; i < Math.min(steps.size(), txn.results().size()); i++) {
      lines.append('\n').append(line(steps.get(i), txn.results().get(i)));
    }
    return lines.toString();
  }

  private static String line(TxnOp step, TxnResult result) {
    String key = Quoted.of(step.key());
    if (result instanceof TxnResult.Stored stored) {
      return "PUT %s version %d".formatted(key, stored.version());
    }
    if (result instanceof TxnResult.Deleted deleted) {
      return "DELETE %s deleted %d".formatted(key, deleted.count());
    }
    TxnResult.Got got = (TxnResult.Got) result;
    if (!got.found()) {
      return "GET %s not found".formatted(key);
    }
    Bytes value = got.value();
    return "GET %s revision %d %s"
        .formatted(key, got.revision(), value == null ? "value left out" : Quoted.of(value));
  }
}
