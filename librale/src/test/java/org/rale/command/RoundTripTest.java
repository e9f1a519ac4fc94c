package org.rale.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rale.command.Lines.bytes;
import static org.rale.command.Lines.latin;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.command.ParsedLine.Parsed;
import org.rale.dstore.Compare;
import org.rale.dstore.Compare.Relation;
import org.rale.dstore.Compare.Target;
import org.rale.dstore.Item;
import org.rale.dstore.KeyChange;
import org.rale.dstore.LeaseItem;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand.CompareAndSet;
import org.rale.dstore.StoreCommand.Delete;
import org.rale.dstore.StoreCommand.LeaseGrant;
import org.rale.dstore.StoreCommand.LeaseRevoke;
import org.rale.dstore.StoreCommand.Put;
import org.rale.dstore.StoreCommand.Txn;
import org.rale.dstore.TxnOp;
import org.rale.dstore.TxnResult;
import org.rale.request.ErrorCode;
import org.rale.request.Limits;
import org.rale.request.NodeInfo;
import org.rale.request.PathInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.request.Response.Field;

/** What a client writes the server reads as it was meant, and the other way round. */
class RoundTripTest {
  private static final Origin ORIGIN = new Origin(-1, Long.MIN_VALUE, 7, 6, true, 5);
  private static final Bytes BINARY = latin("\0\u00ff");

  private static final Request TXN =
      new Request.Change(
          new Txn(
              ORIGIN,
              List.of(
                  Compare.number(bytes("k"), Target.REVISION, Relation.EQUAL, 12),
                  Compare.number(BINARY, Target.CREATED_REVISION, Relation.NOT_EQUAL, 0),
                  Compare.number(bytes("k"), Target.VERSION, Relation.LESS, Long.MAX_VALUE),
                  Compare.number(bytes("k"), Target.VERSION, Relation.GREATER, 0),
                  Compare.number(bytes("k"), Target.EXISTS, Relation.EQUAL, 1),
                  Compare.number(bytes("k"), Target.EXISTS, Relation.NOT_EQUAL, 0),
                  Compare.value(bytes("k"), Relation.EQUAL, BINARY),
                  Compare.value(bytes("k"), Relation.NOT_EQUAL, bytes("v"))),
              List.of(
                  new TxnOp.Put(bytes("k"), bytes("v"), 0),
                  new TxnOp.Put(BINARY, BINARY, 17),
                  new TxnOp.Delete(bytes("d")),
                  new TxnOp.Get(BINARY),
                  new TxnOp.Get(bytes("none")),
                  new TxnOp.Get(bytes("long"))),
              List.of(new TxnOp.Get(bytes("k")))));

  private final ReplyParser replies = new ReplyParser();

  static List<Request> requests() {
    return List.of(
        new Request.Ping(),
        new Request.Status(),
        new Request.ListNodes(),
        new Request.Change(new Put(Origin.NONE, bytes("k"), bytes("a\n\"\\\u2028é"))),
        new Request.Change(new Put(ORIGIN, BINARY, BINARY)),
        new Request.Change(new Put(ORIGIN.asRetry(), bytes("k"), Bytes.EMPTY)),
        new Request.Change(new CompareAndSet(ORIGIN, bytes("k"), 0, bytes("v"))),
        new Request.Change(new Delete(ORIGIN, bytes("k"))),
        new Request.Change(new Put(ORIGIN, bytes("k"), bytes("v"), 17)),
        new Request.Change(new CompareAndSet(ORIGIN, bytes("k"), 3, bytes("v"), 17)),
        TXN,
        new Request.Change(
            new Txn(Origin.NONE, List.of(), List.of(), List.of(new TxnOp.Delete(BINARY)))),
        new Request.Change(new LeaseGrant(ORIGIN, 1_000)),
        new Request.Change(new LeaseRevoke(Origin.NONE, 17)),
        new Request.LeaseKeepAlive(Long.MAX_VALUE),
        new Request.Leases(),
        new Request.Get(bytes("k"), true),
        new Request.Get(BINARY, false),
        new Request.Keys(Bytes.EMPTY, 1),
        new Request.Keys(BINARY, Limits.MAX_KEYS),
        new Request.Add(2, "n", "::1", 1, 2),
        new Request.Remove(2),
        new Request.Remove(2, -7),
        new Request.Transfer(0),
        new Request.Transfer(3),
        new Request.WatchLeader(),
        new Request.WatchLeader(-1, 0),
        new Request.WatchLeader(10_000, Long.MAX_VALUE),
        new Request.Watch(Bytes.EMPTY),
        new Request.Watch(BINARY, 0),
        new Request.Watch(bytes("p"), Long.MAX_VALUE),
        new Request.Wait(BINARY, 0),
        new Request.Wait(bytes("k"), Long.MAX_VALUE),
        new Request.Backup(false),
        new Request.Backup(true),
        new Request.BackupPiece(Long.MAX_VALUE, 0),
        new Request.BackupPiece(1, Integer.MAX_VALUE),
        new Request.Stop());
  }

  @ParameterizedTest
  @MethodSource("requests")
  void request(Request request) {
    byte[] line = RequestWriter.toJson(request, OptionalInt.of(250));
    assertThat(Utf8.firstNotOneLine(line, 0, line.length)).isNegative();
    Parsed parsed = (Parsed) Lines.PARSER.parse(line);
    assertThat(parsed.request()).isEqualTo(request);
    assertThat(parsed.timeoutMs()).hasValue(250);
  }

  @Test
  void coversEveryRequest() {
    assertThat(requests().stream().map(Object::getClass).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Request.class.getPermittedSubclasses());
  }

  @Test
  void theLargestRequestFitsALine() {
    for (byte fill : new byte[] {0, 'a', '"', '\n', 0x7f, (byte) 0xff}) {
      byte[] value = new byte[Limits.MAX_VALUE_BYTES];
      byte[] key = new byte[Limits.MAX_KEY_BYTES];
      java.util.Arrays.fill(value, fill);
      java.util.Arrays.fill(key, fill);
      Request request = new Request.Change(new Put(ORIGIN, Bytes.wrap(key), Bytes.wrap(value)));
      byte[] line = RequestWriter.toJson(request, OptionalInt.empty());
      assertThat(line.length).isLessThan(Limits.MAX_LINE_BYTES);
      assertThat(Lines.PARSER.parse(line).form().request()).isEqualTo(request);
    }
  }

  static Map<Response, Request> answers() {
    Request get = new Request.Get(bytes("k"), false);
    Request put = new Request.Change(new Put(Origin.NONE, bytes("k"), bytes("v")));
    PathInfo udp = new PathInfo(PathInfo.Use.UDP, 213, PathInfo.UNKNOWN, 0, 37, 12);
    PathInfo none = PathInfo.of(PathInfo.Use.NONE, PathInfo.UNKNOWN);
    Request delete = new Request.Change(new Delete(Origin.NONE, BINARY));
    return Map.ofEntries(
        Map.entry(new Response.Pong(), new Request.Ping()),
        Map.entry(new Response.Stopping(), new Request.Stop()),
        Map.entry(new Response.Value(bytes("a\nb"), 3, 2, 1), get),
        Map.entry(new Response.Value(BINARY, Long.MAX_VALUE, 2, 1), get),
        Map.entry(new Response.Stored(3, 2, 1), put),
        Map.entry(new Response.Deleted(1, 9), delete),
        Map.entry(
            new Response.KeyList(List.of(bytes("a"), BINARY), true, 0),
            new Request.Keys(Bytes.EMPTY, 2)),
        Map.entry(
            new Response.KeyList(List.of(), false, Long.MAX_VALUE), new Request.Keys(BINARY, 2)),
        Map.entry(new Response.Value(BINARY, 4, 2, 1), new Request.Wait(bytes("k"), 3)),
        Map.entry(new Response.Events(List.of(), 9), new Request.Watch(BINARY)),
        Map.entry(
            new Response.Events(
                List.of(
                    new KeyChange(bytes("k"), 4, new Item(BINARY, 4, 3, 2)),
                    new KeyChange(BINARY, 4, null),
                    new KeyChange(
                        BINARY, Long.MAX_VALUE, new Item(bytes("a\nb"), Long.MAX_VALUE, 1, 1))),
                Long.MAX_VALUE),
            new Request.Watch(Bytes.EMPTY, 3)),
        Map.entry(new Response.Added(2, true, false), new Request.Add(2, "n", "h", 1, 2)),
        Map.entry(new Response.Added(2, false, true), new Request.Add(2, "n", "h", 1, 2)),
        Map.entry(new Response.Removed(2), new Request.Remove(2)),
        Map.entry(new Response.Transferred(3), new Request.Transfer(0)),
        Map.entry(new Response.Leader(-1, 5, null), new Request.WatchLeader()),
        Map.entry(
            new Response.Leader(2, 5, new Response.Address("n", "::1", 1, 2)),
            new Request.WatchLeader(2, 4)),
        Map.entry(
            new Response.BackupBegun(7, -1, 17, 3, 2, 1_000_000_000_000L, bytes("meta")),
            new Request.Backup(false)),
        Map.entry(
            new Response.BackupPart(0, false, -1, bytes("text")), new Request.BackupPiece(7, 0)),
        Map.entry(new Response.BackupPart(9, true, 1, BINARY), new Request.BackupPiece(7, 9)),
        Map.entry(
            new Response.Nodes(
                List.of(
                    new NodeInfo(1, "a", "::1", 1, 2, "leader", true),
                    new NodeInfo(2, "b", "h", 3, 4, "unknown", false),
                    new NodeInfo(3, "c", "h", 5, 6, "follower", true, -7, true),
                    new NodeInfo(4, "d", "h", 5, 6, "follower", true, 0, false, udp, 17, 3),
                    new NodeInfo(5, "e", "h", 5, 6, "unknown", false, 0, false, none, -1, -1))),
            new Request.ListNodes()),
        Map.entry(
            new Response.StatusReport(
                List.of(
                    Field.of("node_id", 1), Field.of("role", "leader"), Field.of("leader_id", -1))),
            new Request.Status()),
        Map.entry(
            new Response.Txn(
                true,
                17,
                List.of(
                    new TxnResult.Stored(3, 2),
                    new TxnResult.Stored(17, 1),
                    new TxnResult.Deleted(1),
                    new TxnResult.Got(5, 4, 2, BINARY),
                    new TxnResult.Got(0, 0, 0, null),
                    new TxnResult.Got(5, 4, 2, null))),
            TXN),
        Map.entry(
            new Response.LeaseGranted(17, 1_000),
            new Request.Change(new LeaseGrant(Origin.NONE, 1_000))),
        Map.entry(new Response.LeaseKept(17, 2_500), new Request.LeaseKeepAlive(17)),
        Map.entry(
            new Response.LeaseRevoked(17, 3, 20),
            new Request.Change(new LeaseRevoke(Origin.NONE, 17))),
        Map.entry(
            new Response.LeaseList(
                List.of(new LeaseItem(17, 2_500, 3), new LeaseItem(18, 86_400_000, 0))),
            new Request.Leases()),
        Map.entry(new Failed(ErrorCode.NO_LEADER, "m\n", "d", "h", 0), get),
        Map.entry(Failed.revisionMismatch(12), put),
        Map.entry(Failed.of(ErrorCode.OVERLOADED, "busy"), put));
  }

  static Stream<Map.Entry<Response, Request>> pairs() {
    return answers().entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void response(Map.Entry<Response, Request> pair) throws Exception {
    byte[] line = ReplyRenderer.render(new Form.Json(pair.getValue(), null), pair.getKey());
    assertThat(replies.parse(pair.getValue(), line)).isEqualTo(pair.getKey());
  }

  @Test
  void coversEveryResponse() {
    assertThat(
            Stream.of(Response.class.getPermittedSubclasses())
                .filter(type -> type != Field.class)
                .collect(Collectors.toSet()))
        .isEqualTo(answers().keySet().stream().map(Object::getClass).collect(Collectors.toSet()));
  }

  @Test
  void passesOverWhatANewerServerSays() throws Exception {
    String line = "{\"status\":\"ok\",\"message\":\"PONG\",\"mood\":{\"a\":[null,1.5]}}";
    assertThat(replies.parse(new Request.Ping(), line.getBytes(UTF_8)))
        .isEqualTo(new Response.Pong());
    String failure = "{\"status\":\"error\",\"code\":\"LEASE_LOST\",\"message\":\"gone\"}";
    assertThat(replies.parse(new Request.Ping(), failure.getBytes(UTF_8)))
        .isEqualTo(Failed.of(ErrorCode.INTERNAL, "LEASE_LOST: gone"));
  }

  /** An answer may have come from another node: whatever its fields are called, it is one line. */
  @Test
  void namesOfStatusFieldsAreEscaped() throws Exception {
    Response status = new Response.StatusReport(List.of(Field.of("a\"\n\u2028\u001b[2J", "v")));
    byte[] line = ReplyRenderer.render(new Form.Json(new Request.Status(), null), status);
    assertThat(Utf8.firstNotOneLine(line, 0, line.length)).isNegative();
    assertThat(replies.parse(new Request.Status(), line)).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "OK: PONG",
        "{",
        "[]",
        "{}",
        "{} {}",
        "{\"status\":7}",
        "{\"status\":\"maybe\"}",
        "{\"status\":\"ok\"}",
        "{\"status\":\"ok\",\"value\":\"v\",\"revision\":\"1\"}",
        "{\"status\":\"ok\",\"value\":\"v\",\"revision\":1e3}",
        "{\"status\":\"ok\",\"value_base64\":\"*\",\"revision\":1}",
        "{\"status\":\"error\"}",
      })
  void refusesWhatIsNoReply(String line) {
    Request get = new Request.Get(bytes("k"), false);
    assertThatThrownBy(() -> replies.parse(get, line.getBytes(UTF_8)))
        .isInstanceOf(MalformedException.class);
  }
}
