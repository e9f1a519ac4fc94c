package org.rale.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.rale.command.Lines.bytes;
import static org.rale.command.Lines.latin;
import static org.rale.command.Lines.reply;
import static org.rale.command.Lines.request;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.bytes.Bytes;
import org.rale.command.ParsedLine.Parsed;
import org.rale.command.ParsedLine.Rejected;
import org.rale.dstore.Item;
import org.rale.dstore.KeyChange;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand.CompareAndSet;
import org.rale.dstore.StoreCommand.Delete;
import org.rale.dstore.StoreCommand.Put;
import org.rale.request.ErrorCode;
import org.rale.request.Limits;
import org.rale.request.NodeInfo;
import org.rale.request.PathInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.request.Response.Field;

class TextProtocolTest {

  static Stream<Arguments> requests() {
    return Stream.of(
        arguments("PING", new Request.Ping()),
        arguments("ping", new Request.Ping()),
        arguments("  PiNg\t ", new Request.Ping()),
        arguments("PING\r", new Request.Ping()),
        arguments("STATUS", new Request.Status()),
        arguments("LIST", new Request.ListNodes()),
        arguments(
            "ADD 2 node2 10.0.0.2 7400 7401", new Request.Add(2, "node2", "10.0.0.2", 7400, 7401)),
        arguments("add 2  n-2_x [::1] 1 65535 ", new Request.Add(2, "n-2_x", "::1", 1, 65535)),
        arguments("ADD 3 n fe80::1%eth0 1 2", new Request.Add(3, "n", "fe80::1%eth0", 1, 2)),
        arguments("REMOVE 2", new Request.Remove(2)),
        arguments("TRANSFER", new Request.Transfer(0)),
        arguments("TRANSFER 3", new Request.Transfer(3)),
        arguments("GET key", new Request.Get(bytes("key"), false)),
        arguments("GET key LOCAL", new Request.Get(bytes("key"), true)),
        arguments("get key local  ", new Request.Get(bytes("key"), true)),
        arguments("GET LOCAL", new Request.Get(bytes("LOCAL"), false)),
        arguments("GET ключ", new Request.Get(bytes("ключ"), false)),
        arguments("PUT key value", put("key", "value")),
        arguments("put key two words ", put("key", "two words ")),
        arguments("PUT k  v", put("k", " v")),
        arguments("PUT k \tv", put("k", "\tv")),
        arguments("PUT k\tv", put("k", "v")),
        arguments("PUT k ", put("k", "")),
        arguments("PUT  k v\r", put("k", "v")),
        arguments("PUT k ünï\u00a0ςοδε \ud83d\ude00", put("k", "ünï\u00a0ςοδε \ud83d\ude00")),
        arguments("PUT key=value", put("key", "value")),
        arguments("PUT key=", put("key", "")),
        arguments("PUT a=b=c", put("a", "b=c")),
        arguments("PUT a=b c", put("a=b", "c")),
        arguments("PUT a=b ", put("a=b", "")),
        arguments("PUT a =b", put("a", "=b")),
        arguments("PUT k {\"a\":1}", put("k", "{\"a\":1}")),
        arguments("CAS key 12 value", cas("key", 12, "value")),
        arguments("CAS  key  0  v ", cas("key", 0, " v ")),
        arguments("CAS key 0 ", cas("key", 0, "")),
        arguments("CAS key 9223372036854775807 v", cas("key", Long.MAX_VALUE, "v")),
        arguments("DELETE key", change(new Delete(Origin.NONE, bytes("key")))),
        arguments("KEYS", new Request.Keys(Bytes.EMPTY, Limits.MAX_KEYS)),
        arguments("KEYS pre", new Request.Keys(bytes("pre"), Limits.MAX_KEYS)),
        arguments("WATCH", new Request.Watch(Bytes.EMPTY)),
        arguments("watch p ", new Request.Watch(bytes("p"))),
        arguments("WATCH p from 12", new Request.Watch(bytes("p"), 12)),
        arguments("WATCH FROM 12", new Request.Watch(Bytes.EMPTY, 12)),
        arguments("WATCH FROM FROM 12", new Request.Watch(bytes("FROM"), 12)),
        arguments("WAIT k", new Request.Wait(bytes("k"), 0)),
        arguments("wait k\t12", new Request.Wait(bytes("k"), 12)),
        arguments("WATCH-LEADER", new Request.WatchLeader()),
        arguments("watch-leader -1 5", new Request.WatchLeader(-1, 5)),
        arguments("WATCH-LEADER  2\t5 ", new Request.WatchLeader(2, 5)),
        arguments("BACKUP", new Request.Backup(false)),
        arguments("backup local", new Request.Backup(true)),
        arguments("BACKUP 9007199254740991 12", new Request.BackupPiece(9007199254740991L, 12)),
        arguments("STOP", new Request.Stop()));
  }

  private static Request put(String key, String value) {
    return change(new Put(Origin.NONE, bytes(key), bytes(value)));
  }

  private static Request cas(String key, long expected, String value) {
    return change(new CompareAndSet(Origin.NONE, bytes(key), expected, bytes(value)));
  }

  private static Request change(org.rale.dstore.StoreCommand command) {
    return new Request.Change(command);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void readsRequest(String line, Request request) {
    assertThat(request(line)).isEqualTo(request);
  }

  @Test
  void aWatchSaysHowLongItsClientWaits() {
    Parsed parsed = (Parsed) Lines.PARSER.parse("WATCH-LEADER 2 5 700".getBytes(UTF_8));
    assertThat(parsed.request()).isEqualTo(new Request.WatchLeader(2, 5));
    assertThat(parsed.timeoutMs()).hasValue(700);
    for (String line : List.of("WATCH p FROM 2 700", "WATCH FROM 2 700", "WAIT k 2 700")) {
      assertThat(((Parsed) Lines.PARSER.parse(line.getBytes(UTF_8))).timeoutMs()).hasValue(700);
    }
    assertThat(((Parsed) Lines.PARSER.parse("WATCH-LEADER 2 5".getBytes(UTF_8))).timeoutMs())
        .isEmpty();
  }

  static Stream<Arguments> replies() {
    PathInfo tcp = PathInfo.of(PathInfo.Use.TCP, 81);
    return Stream.of(
        arguments("PING", new Response.Pong(), "OK: PONG"),
        arguments(
            "STATUS",
            new Response.StatusReport(
                List.of(Field.of("node_id", 1), Field.of("role", "leader"), Field.of("term", 2))),
            "STATUS: node_id=1, role=leader, term=2"),
        arguments(
            "LIST",
            new Response.Nodes(
                List.of(
                    new NodeInfo(1, "node1", "127.0.0.1", 7400, 7401, "leader", true),
                    new NodeInfo(
                        2, "node2", "::1", 7402, 7403, "unknown", false, 7, false, tcp, 3, 0))),
            "{\"nodes\":[{\"id\":1,\"name\":\"node1\",\"ip\":\"127.0.0.1\",\"rale_port\":7400,"
                + "\"dstore_port\":7401,\"role\":\"leader\",\"state\":\"online\"},"
                + "{\"id\":2,\"name\":\"node2\",\"ip\":\"::1\",\"rale_port\":7402,"
                + "\"dstore_port\":7403,\"role\":\"unknown\",\"state\":\"offline\",\"path\":\"tcp\",\"last_contact_ms\":81,"
                + "\"match_index\":3,\"lag\":0}]}"),
        arguments("ADD 2 n h 1 2", new Response.Added(2, false, true), "OK: node 2 added"),
        arguments(
            "ADD 2 n h 1 2", new Response.Added(2, true, false), "OK: node 2 is already a member"),
        arguments("REMOVE 2", new Response.Removed(2), "OK: node 2 removed"),
        arguments("TRANSFER", new Response.Transferred(3), "OK: leader is node 3"),
        arguments("GET k", new Response.Value(bytes("a\tb "), 1, 1, 1), "OK: a\tb "),
        arguments("GET k", new Response.Value(Bytes.EMPTY, 1, 1, 1), "OK: "),
        arguments("GET key", Failed.keyNotFound(bytes("key")), "ERROR: key not found: key"),
        arguments("PUT k a value", new Response.Stored(17, 17, 1), "OK: a value"),
        arguments("PUT k=v", new Response.Stored(17, 17, 1), "OK: v"),
        arguments("CAS k 12 v", new Response.Stored(17, 12, 2), "OK: 17"),
        arguments(
            "CAS k 9 v",
            Failed.revisionMismatch(12),
            "ERROR: revision mismatch: key is at revision 12"),
        arguments(
            "CAS k 9 v",
            Failed.revisionMismatch(0),
            "ERROR: revision mismatch: key is at revision 0 (it does not exist)"),
        arguments("DELETE k", new Response.Deleted(1, 9), "OK: deleted 1"),
        arguments("DELETE k", new Response.Deleted(0, 9), "OK: deleted 0"),
        arguments(
            "KEYS",
            new Response.KeyList(List.of(bytes("a"), bytes("b\"\n"), latin("\u00ff")), false, 0),
            "{\"keys\":[\"a\",\"b\\\"\\n\",{\"key_base64\":\"/w==\"}],"
                + "\"count\":3,\"truncated\":false}"),
        arguments(
            "KEYS",
            new Response.KeyList(List.of(bytes("a")), true, 0),
            "{\"keys\":[\"a\"],\"count\":1,\"truncated\":true}"),
        arguments(
            "KEYS a",
            new Response.KeyList(List.of(), false, 17),
            "{\"keys\":[],\"count\":0,\"truncated\":false,\"revision\":17}"),
        arguments(
            "WATCH a FROM 3",
            new Response.Events(
                List.of(
                    new KeyChange(bytes("a"), 4, new Item(bytes("v\n"), 4, 3, 2)),
                    new KeyChange(bytes("ab"), 5, null)),
                9),
            "{\"events\":[{\"event\":\"PUT\",\"key\":\"a\",\"value\":\"v\\n\",\"revision\":4,"
                + "\"created_revision\":3,\"version\":2},{\"event\":\"DELETE\",\"key\":\"ab\","
                + "\"revision\":5}],\"revision\":9}"),
        arguments("WAIT k", new Response.Value(bytes("v"), 4, 3, 2), "OK: v"),
        arguments(
            "WATCH-LEADER 1 4",
            new Response.Leader(2, 5, new Response.Address("n2", "10.0.0.2", 7400, 7401)),
            "LEADER: leader_id=2, term=5, name=n2, ip=10.0.0.2, rale_port=7400, dstore_port=7401"),
        arguments("WATCH-LEADER", new Response.Leader(-1, 5, null), "LEADER: leader_id=-1, term=5"),
        arguments(
            "BACKUP",
            new Response.BackupBegun(7, -1, 17, 3, 2, 90, bytes("meta")),
            "{\"backup_id\":7,\"cluster_id\":\"ffffffffffffffff\",\"index\":17,\"term\":3,"
                + "\"keys\":2,\"bytes\":90,\"meta_base64\":\"bWV0YQ==\"}"),
        arguments(
            "BACKUP 7 1",
            new Response.BackupPart(1, false, 5, bytes("data")),
            "{\"piece\":1,\"last\":false,\"checksum\":5,\"data_base64\":\"ZGF0YQ==\"}"),
        arguments("STOP", new Response.Stopping(), "OK: stopping"),
        arguments(
            "PUT k v",
            Failed.of(
                ErrorCode.UNKNOWN_OUTCOME,
                "outcome unknown: leadership was lost",
                "read the key before you write again"),
            "ERROR: outcome unknown: leadership was lost; read the key before you write again"),
        arguments(
            "PUT k v",
            Failed.of(ErrorCode.UNKNOWN_OUTCOME, "time ran out"),
            "ERROR: outcome unknown: time ran out"),
        arguments(
            "PUT k v",
            new Failed(ErrorCode.NO_LEADER, "no leader", "2 of 3 are silent", "wait", 0),
            "ERROR: no leader (2 of 3 are silent); wait"));
  }

  @ParameterizedTest
  @MethodSource("replies")
  void wordsReply(String line, Response response, String reply) {
    assertThat(reply(line, response)).isEqualTo(reply);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "''|Empty command; HELP lists the commands",
        "' \t'|Empty command; HELP lists the commands",
        "GET|GET requires a key; usage: GET key [LOCAL]",
        "GET k LOCALE|GET does not take 'LOCALE'; usage: GET key [LOCAL]",
        "PUT|PUT requires a key and a value; usage: PUT key value",
        "PUT k|PUT requires a value; usage: PUT key value; for an empty value write PUT key=",
        "PUT =v|the key is empty; a key has 1 to 1024 bytes",
        "CAS|CAS requires a key; usage: CAS key revision value",
        "CAS k|CAS requires a revision; usage: CAS key revision value",
        "CAS k 1|CAS requires a value; usage: CAS key revision value; an empty value has one space"
            + " in front of it",
        "CAS k -1 v|the revision is no number: '-1'; it is written in digits alone",
        "CAS k 9223372036854775808 v|the revision is no number: '9223372036854775808'; it is"
            + " written in digits alone",
        "DELETE|DELETE requires a key; usage: DELETE key",
        "DELETE a b|DELETE does not take 'b'; usage: DELETE key",
        "KEYS a b|KEYS does not take 'b'; usage: KEYS [prefix]",
        "BACKUP 7|BACKUP requires a piece; usage: BACKUP [LOCAL], BACKUP backup_id piece",
        "BACKUP x 1|the backup id is no number: 'x'; it is written in digits alone",
        "BACKUP 0 1|backup_id is 0; it goes from 1 to 9223372036854775807",
        "BACKUP LOCAL 1|BACKUP does not take '1'; usage: BACKUP [LOCAL], BACKUP backup_id piece",
        "WATCH-LEADER 2|WATCH-LEADER requires a term; usage: WATCH-LEADER [leader_id term"
            + " [timeout_ms]]",
        "WATCH-LEADER -2 5|leader_id is no number: '-2'; it is written in digits alone",
        "WATCH-LEADER 10001 5|leader_id is 10001; it goes from -1 to 10000",
        "WATCH-LEADER 2 -1|term is no number: '-1'; it is written in digits alone",
        "WATCH-LEADER 2 5 0|timeout_ms is 0; it goes from 1 to 3600000",
        "WATCH-LEADER 2 5 9 x|WATCH-LEADER does not take 'x'; usage: WATCH-LEADER [leader_id term"
            + " [timeout_ms]]",
        "PING x|PING does not take 'x'; usage: PING",
        "STOP now|STOP does not take 'now'; usage: STOP",
        "ADD|ADD requires a node id; usage: ADD id name ip rale_port dstore_port",
        "ADD 1|ADD requires a node name; usage: ADD id name ip rale_port dstore_port",
        "ADD 1 n h 5|ADD requires a dstore_port; usage: ADD id name ip rale_port dstore_port",
        "ADD 1 n h 5 6 7|ADD does not take '7'; usage: ADD id name ip rale_port dstore_port",
        "ADD x n h 5 6|the node id is no number: 'x'; it is written in digits alone",
        "ADD 0 n h 5 6|node_id is 0; it goes from 1 to 10000",
        "ADD 10001 n h 5 6|node_id is 10001; it goes from 1 to 10000",
        "ADD 1 -n h 5 6|'-n' is no node name; it has 1 to 64 letters, digits, _ and -, and starts"
            + " with a letter or a digit",
        "ADD 1 n h/x 5 6|'h/x' is no address; give an IPv4 or IPv6 address or a host name of at"
            + " most 255 characters, without a port",
        "ADD 1 n h 0 6|rale_port is 0; it goes from 1 to 65535",
        "ADD 1 n h 5 65536|dstore_port is 65536; it goes from 1 to 65535",
        "REMOVE|REMOVE requires a node id; usage: REMOVE id",
        "REMOVE two|the node id is no number: 'two'; it is written in digits alone",
        "TRANSFER 0|node_id is 0; it goes from 1 to 10000",
        "WATCH a b|WATCH does not take 'b'; usage: WATCH [prefix] [FROM revision [timeout_ms]]",
        "WATCH FROM|WATCH requires a revision; usage: WATCH [prefix] [FROM revision"
            + " [timeout_ms]]",
        "WATCH a FROM|WATCH requires a revision; usage: WATCH [prefix] [FROM revision"
            + " [timeout_ms]]",
        "WATCH FROM x|the revision is no number: 'x'; it is written in digits alone",
        "WATCH a FROM 1 0|timeout_ms is 0; it goes from 1 to 3600000",
        "WATCH a FROM 1 2 3|WATCH does not take '3'; usage: WATCH [prefix] [FROM revision"
            + " [timeout_ms]]",
        "WAIT|WAIT requires a key; usage: WAIT key [revision [timeout_ms]]",
        "WAIT a -1|the revision is no number: '-1'; it is written in digits alone",
        "WAIT a 1 2 3|WAIT does not take '3'; usage: WAIT key [revision [timeout_ms]]",
      })
  void refusesBadRequest(String line, String message) {
    assertThat(code(line)).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(reply(line)).isEqualTo("ERROR: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FOO|Unknown command 'FOO'; HELP lists the commands",
        "staus now|Unknown command 'staus'; did you mean STATUS?",
        "watsh a|Unknown command 'watsh'; did you mean WATCH?",
        "watch_leader|Unknown command 'watch_leader'; did you mean WATCH-LEADER?",
        "SET a b|Unknown command 'SET'; did you mean PUT?",
        "HELLO 1|Unknown command 'HELLO'; HELP lists the commands",
        "[1]|Unknown command '[1]'; HELP lists the commands",
      })
  void namesUnknownCommand(String line, String message) {
    assertThat(code(line)).isEqualTo(ErrorCode.UNKNOWN_COMMAND);
    assertThat(reply(line)).isEqualTo("ERROR: " + message);
  }

  @Test
  void cutsALongUnknownWord() {
    assertThat(reply("x".repeat(100_000))).hasSizeLessThan(200);
  }

  @Test
  void answersWhatTheOriginalAnswers() {
    assertThat(reply("keep_alive")).isEqualTo("OK");
    assertThat(reply("HELP")).startsWith("OK: GET key [LOCAL], PUT key value, CAS");
  }

  @Test
  void limitsTheKey() {
    String longest = "k".repeat(Limits.MAX_KEY_BYTES);
    for (String line : List.of("GET %s", "PUT %s v", "PUT %s=v", "CAS %s 1 v", "DELETE %s")) {
      assertThat(request(String.format(line, longest))).as(line).isNotNull();
      assertThat(code(String.format(line, longest + "k"))).isEqualTo(ErrorCode.KEY_TOO_LONG);
    }
    assertThat(code("KEYS " + longest + "k")).isEqualTo(ErrorCode.KEY_TOO_LONG);
    assertThat(reply("KEYS " + longest + "k"))
        .isEqualTo("ERROR: the prefix has 1025 bytes, more than 1024; use a shorter prefix");
    assertThat(reply("GET " + longest + "k"))
        .isEqualTo("ERROR: the key has 1025 bytes, more than 1024; use a shorter key");
  }

  @Test
  void limitsTheValue() {
    CommandParser parser = new CommandParser(5);
    assertThat(parser.parse(bytes("PUT k 12345").toByteArray())).isNotInstanceOf(Rejected.class);
    assertThat(parser.parse(bytes("CAS k 0 12345").toByteArray())).isNotInstanceOf(Rejected.class);
    for (String line : List.of("PUT k 123456", "PUT k=123456", "CAS k 0 123456")) {
      assertThat(reply(parser.parse(bytes(line).toByteArray())))
          .isEqualTo(
              "ERROR: the value has 6 bytes, more than 5; max_value_size in the configuration sets"
                  + " the limit");
    }
  }

  @Test
  void limitsTheLine() {
    byte[] start = bytes("PUT k v").toByteArray();
    Rejected rejected = CommandParser.tooLong(start, 0, start.length);
    assertThat(rejected.failure().code()).isEqualTo(ErrorCode.LINE_TOO_LONG);
    assertThat(reply(rejected)).startsWith("ERROR: the line has more than 2097152 bytes");
    byte[] json = bytes(" {\"command\"").toByteArray();
    assertThat(reply(CommandParser.tooLong(json, 0, json.length)))
        .startsWith("{\"status\":\"error\",\"code\":\"LINE_TOO_LONG\"");
  }

  @Test
  void refusesWhatIsNotText() {
    assertThat(reply(Lines.PARSER.parse(latin("PUT k \u00ff").toByteArray())))
        .isEqualTo(
            "ERROR: the line has bytes that are no UTF-8, byte 0xff at position 7; send such keys"
                + " and values in the JSON form");
    for (String bad : List.of("\0", "\n", "\r", "\u001b", "\u007f", "\u0085", "\u2028")) {
      assertThat(reply("PUT k a" + bad + "b"))
          .startsWith("ERROR: the line has a control character, byte 0x");
    }
  }

  @Test
  void sendsNoValueThatIsNotOneLineOfText() {
    for (Bytes value :
        List.of(bytes("a\nb"), bytes("a\rb"), bytes("\0"), bytes("\u0085"), latin("\u00ff"))) {
      assertThat(reply("GET k", new Response.Value(value, 1, 1, 1)))
          .isEqualTo("ERROR: value of k is not one line of text: read it with the JSON form");
    }
  }

  @Test
  void keepsControlCharactersOutOfMessages() {
    Failed failed = Failed.keyNotFound(bytes("a\n\tb\u2028\u001b"));
    assertThat(reply("GET k", failed))
        .isEqualTo("ERROR: key not found: a\\u000a\\u0009b\\u2028\\u001b");
  }

  @Test
  void findsTheLineInsideAnArray() {
    byte[] array = bytes("xxGET k\r\nyy").toByteArray();
    assertThat(Lines.PARSER.parse(array, 2, 6).form().request())
        .isEqualTo(new Request.Get(bytes("k"), false));
  }

  private static ErrorCode code(String line) {
    return ((Rejected) Lines.parse(line)).failure().code();
  }
}
