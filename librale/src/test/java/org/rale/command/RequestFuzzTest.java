package org.rale.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.bytes.Bytes;
import org.rale.command.ParsedLine.Answered;
import org.rale.command.ParsedLine.Parsed;
import org.rale.command.ParsedLine.Rejected;
import org.rale.dstore.Compare;
import org.rale.dstore.Item;
import org.rale.dstore.KeyChange;
import org.rale.dstore.LeaseItem;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.dstore.TxnResult;
import org.rale.fuzz.Cost;
import org.rale.request.ErrorCode;
import org.rale.request.NodeInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;

/**
 * A line from a client, text or JSON. Whatever it holds, the answer is one line of bounded length;
 * a request that it holds is the same one when it is written and read again.
 */
final class RequestFuzzTest {
  /** What stands in front of the line in the buffer that it is parsed in. */
  private static final int BEFORE = 3;

  private static final int SMALL_VALUE = 5;
  private static final CommandParser SMALL = new CommandParser(SMALL_VALUE);

  static Stream<byte[]> seeds() {
    Stream<byte[]> json =
        RoundTripTest.requests().stream()
            .map(request -> RequestWriter.toJson(request, OptionalInt.of(250)));
    Stream<byte[]> text =
        Stream.of(
                "PING\r",
                "status",
                "GET k LOCAL",
                "PUT k  two words ",
                "PUT k=v=w",
                "CAS k 12 v",
                "DELETE k",
                "KEYS pre",
                "ADD 2 node2 [::1] 7400 7401",
                "REMOVE 2",
                "TRANSFER",
                "watch-leader",
                "WATCH-LEADER -1 7 250",
                "BACKUP local",
                "BACKUP 7 0",
                "LEASE GRANT 2.5",
                "lease keepalive 17",
                "LEASE REVOKE 17",
                "LEASE LIST",
                "LEASE PUT 17 k  two words ",
                "HELP",
                "SET k v",
                "{\"command\":\"HELP\",\"id\":{\"a\":[1.0,\"\\u2028\"]}}",
                "{\"id\":7,\"command\":\"PUT\",\"key\":\"\\ud83d\\ude00\",\"value_base64\":\"AP8=\"}")
            .map(line -> line.getBytes(StandardCharsets.UTF_8));
    return Stream.concat(json, text);
  }

  @MethodSource("seeds")
  @FuzzTest
  void line(byte[] line) throws Exception {
    ParsedLine parsed = Cost.bounded(line.length, 1 << 20, () -> Lines.PARSER.parse(line));
    isOneLine(answer(parsed), line.length);
    byte[] buffer = new byte[BEFORE + line.length + 1];
    Arrays.fill(buffer, (byte) '{');
    System.arraycopy(line, 0, buffer, BEFORE, line.length);
    assertThat(Lines.PARSER.parse(buffer, BEFORE, line.length)).isEqualTo(parsed);
    if (parsed instanceof Parsed request) {
      isTheSameWrittenAndReadAgain(request);
      keepsTheBoundOfValues(request.request(), SMALL.parse(line));
      for (Response response : responses(request.request())) {
        isAnswered(request.form(), response, line.length);
      }
    }
  }

  private static byte[] answer(ParsedLine parsed) {
    if (parsed instanceof Rejected rejected) {
      return ReplyRenderer.render(rejected);
    }
    return parsed instanceof Answered answered
        ? ReplyRenderer.render(answered)
        : ReplyRenderer.render(parsed.form(), Failed.of(ErrorCode.TIMEOUT, "no\u2028line"));
  }

  /** A fault shows a few words of the line, and an id comes back whole: no more than that. */
  private static void isOneLine(byte[] reply, int lineBytes) {
    assertThat(Utf8.firstNotOneLine(reply, 0, reply.length)).isNegative();
    assertThat(reply).hasSizeLessThan(4096 + 6 * lineBytes);
  }

  private static void isTheSameWrittenAndReadAgain(Parsed parsed) {
    byte[] written = RequestWriter.toJson(parsed.request(), parsed.timeoutMs());
    Parsed again = (Parsed) Lines.PARSER.parse(written);
    assertThat(again.request()).isEqualTo(parsed.request());
    assertThat(again.timeoutMs()).isEqualTo(parsed.timeoutMs());
  }

  private static void keepsTheBoundOfValues(Request request, ParsedLine small) {
    int length = request instanceof Request.Change change ? longestValue(change.command()) : 0;
    if (length <= SMALL_VALUE) {
      assertThat(((Parsed) small).request()).isEqualTo(request);
    } else {
      assertThat(((Rejected) small).failure().code()).isEqualTo(ErrorCode.VALUE_TOO_LARGE);
    }
  }

  private static int longestValue(StoreCommand command) {
    if (command instanceof StoreCommand.Txn txn) {
      return Stream.of(
              txn.compares().stream().map(Compare::value),
              txn.then().stream().map(TxnOp::value),
              txn.otherwise().stream().map(TxnOp::value))
          .flatMap(values -> values)
          .mapToInt(Bytes::length)
          .max()
          .orElse(0);
    }
    return command instanceof StoreCommand.OfKey ofKey ? ofKey.value().length() : 0;
  }

  /** What might come of a command, made of the client's own bytes. */
  private static Response response(StoreCommand command) {
    if (command instanceof StoreCommand.Txn txn) {
      return new Response.Txn(
          true,
          9,
          txn.then().stream()
              .map(
                  step ->
                      step instanceof TxnOp.Put
                          ? new TxnResult.Stored(3, 2)
                          : step instanceof TxnOp.Delete
                              ? new TxnResult.Deleted(1)
                              : new TxnResult.Got(3, 2, 1, step.key()))
              .map(TxnResult.class::cast)
              .toList());
    }
    if (command instanceof StoreCommand.LeaseGrant grant) {
      return new Response.LeaseGranted(9, grant.ttlMs());
    }
    if (command instanceof StoreCommand.LeaseRevoke revoke) {
      return new Response.LeaseRevoked(revoke.lease(), 3, 9);
    }
    return command instanceof StoreCommand.Delete
        ? new Response.Deleted(1, 9)
        : new Response.Stored(3, 2, 1);
  }

  /** What a node may say to it, made of the client's own bytes. */
  private static List<Response> responses(Request request) {
    List<Response> responses = new ArrayList<>();
    responses.add(new Failed(ErrorCode.NO_LEADER, "m\n", "d\u0085", "h", 0));
    if (request instanceof Request.Get get) {
      responses.add(new Response.Value(get.key(), 3, 2, 1));
    } else if (request instanceof Request.Change change) {
      responses.add(response(change.command()));
      responses.add(Failed.revisionMismatch(12));
    } else if (request instanceof Request.LeaseKeepAlive keepAlive) {
      responses.add(new Response.LeaseKept(keepAlive.lease(), 2_500));
    } else if (request instanceof Request.Leases) {
      responses.add(new Response.LeaseList(List.of(new LeaseItem(7, 1_000, 2))));
    } else if (request instanceof Request.Keys keys) {
      responses.add(new Response.KeyList(List.of(keys.prefix(), Bytes.utf8("\t")), true, 0));
    } else if (request instanceof Request.BackupPiece piece) {
      responses.add(new Response.BackupPart(piece.piece(), true, -1, Bytes.utf8("\t")));
    } else if (request instanceof Request.WatchLeader watch) {
      responses.add(new Response.Leader(watch.leaderId(), watch.term(), null));
    } else if (request instanceof Request.Watch watch) {
      responses.add(
          new Response.Events(
              List.of(
                  new KeyChange(watch.prefix(), 3, new Item(Bytes.utf8("\t"), 3, 2, 2)),
                  new KeyChange(watch.prefix(), 4, null)),
              5));
    } else if (request instanceof Request.Wait) {
      responses.add(new Response.Value(Bytes.utf8("\t"), 3, 2, 1));
    } else if (request instanceof Request.Add add) {
      responses.add(new Response.Added(add.id(), true, false));
      responses.add(new Response.Added(add.id(), false, true));
    } else if (request instanceof Request.ListNodes) {
      NodeInfo node = new NodeInfo(1, "a\"", "::1", 1, 2, "leader", true);
      responses.add(new Response.Nodes(List.of(node)));
    }
    return responses;
  }

  private static void isAnswered(Form form, Response response, int lineBytes) throws Exception {
    byte[] reply = ReplyRenderer.render(form, response);
    isOneLine(reply, lineBytes);
    if (form instanceof Form.Json) {
      assertThat(new ReplyParser().parse(form.request(), reply)).isEqualTo(response);
    }
  }
}
