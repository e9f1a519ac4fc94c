package org.rale.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.rale.command.Lines.bytes;
import static org.rale.command.Lines.latin;
import static org.rale.command.Lines.parse;
import static org.rale.command.Lines.reply;
import static org.rale.command.Lines.request;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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

class JsonProtocolTest {
  private static final PathInfo UDP = new PathInfo(PathInfo.Use.UDP, 213, 50, 12_000, 37, 9);

  private static final Origin ORIGIN = new Origin(0x0123456789abcdefL, 1, 7, 6, true, 5);

  static Stream<Arguments> requests() {
    return Stream.of(
        arguments("{'command':'PING'}", new Request.Ping()),
        arguments(" { 'command' : 'ping' } ", new Request.Ping()),
        arguments("{'command':'STATUS'}", new Request.Status()),
        arguments("{'command':'LIST'}", new Request.ListNodes()),
        arguments(
            "{'command':'ADD','node_id':2,'name':'n2','ip':'[::1]','rale_port':1,'dstore_port':2}",
            new Request.Add(2, "n2", "::1", 1, 2)),
        arguments("{'command':'REMOVE','node_id':2}", new Request.Remove(2)),
        arguments(
            "{'command':'REMOVE','node_id':2,'incarnation':'00000000000000FF'}",
            new Request.Remove(2, 255)),
        arguments("{'command':'TRANSFER'}", new Request.Transfer(0)),
        arguments("{'command':'TRANSFER','id':9}", new Request.Transfer(0)),
        arguments("{'command':'TRANSFER','node_id':3}", new Request.Transfer(3)),
        arguments("{'command':'GET','key':'a b\\n'}", new Request.Get(bytes("a b\n"), false)),
        arguments(
            "{'key_base64':'/w==','command':'GET','local':true}",
            new Request.Get(latin("\u00ff"), true)),
        arguments("{'command':'PUT','key':'k','value':''}", put(Origin.NONE, "k", "")),
        arguments("{'command':'PUT','key':'k','value_base64':'dg=='}", put(Origin.NONE, "k", "v")),
        arguments(
            "{'command':'PUT','key':'k','value':'\\ud83d\\ude00'}",
            put(Origin.NONE, "k", "\ud83d\ude00")),
        arguments(
            "{'command':'PUT','key':'k','value':'v','client_id':'0123456789abcdef0000000000000001',"
                + "'sequence':7,'acknowledged':6,'retry':true,'since':5}",
            put(ORIGIN, "k", "v")),
        arguments(
            "{'command':'DELETE','key':'k','client_id':'01234567-89AB-CDEF-0000-000000000001',"
                + "'sequence':7,'acknowledged':6,'retry':true,'since':5}",
            new Request.Change(new Delete(ORIGIN, bytes("k")))),
        arguments(
            "{'command':'CAS','key':'k','revision':3,'value':'v','sequence':1,"
                + "'client_id':'0123456789abcdef0000000000000001'}",
            new Request.Change(
                new CompareAndSet(
                    new Origin(0x0123456789abcdefL, 1, 1, 0, false, 0),
                    bytes("k"),
                    3,
                    bytes("v")))),
        arguments("{'command':'KEYS'}", new Request.Keys(Bytes.EMPTY, Limits.MAX_KEYS)),
        arguments("{'command':'KEYS','prefix':'p','limit':3}", new Request.Keys(bytes("p"), 3)),
        arguments(
            "{'command':'KEYS','prefix_base64':'/w=='}",
            new Request.Keys(latin("\u00ff"), Limits.MAX_KEYS)),
        arguments("{'command':'WATCH'}", new Request.Watch(Bytes.EMPTY)),
        arguments("{'command':'watch','prefix':'p','from':0}", new Request.Watch(bytes("p"), 0)),
        arguments(
            "{'command':'WATCH','prefix_base64':'YQ==','from':7}",
            new Request.Watch(bytes("a"), 7)),
        arguments("{'command':'WAIT','key':'k'}", new Request.Wait(bytes("k"), 0)),
        arguments(
            "{'command':'WAIT','key_base64':'YQ==','revision':7}", new Request.Wait(bytes("a"), 7)),
        arguments("{'command':'WATCH-LEADER'}", new Request.WatchLeader()),
        arguments(
            "{'command':'watch-leader','leader_id':-1,'term':5}", new Request.WatchLeader(-1, 5)),
        arguments("{'command':'BACKUP'}", new Request.Backup(false)),
        arguments("{'command':'BACKUP','local':true}", new Request.Backup(true)),
        arguments("{'command':'BACKUP','backup_id':7,'piece':0}", new Request.BackupPiece(7, 0)),
        arguments("{'command':'STOP'}", new Request.Stop()));
  }

  private static Request put(Origin origin, String key, String value) {
    return new Request.Change(new Put(origin, bytes(key), bytes(value)));
  }

  /** The tests write ' for ", to be readable. */
  private static String json(String text) {
    return text.replace('\'', '"');
  }

  @ParameterizedTest
  @MethodSource("requests")
  void readsRequest(String line, Request request) {
    assertThat(request(json(line))).isEqualTo(request);
  }

  static Stream<Arguments> replies() {
    return Stream.of(
        arguments("{'command':'PING'}", new Response.Pong(), "{'status':'ok','message':'PONG'}"),
        arguments(
            "{'command':'STOP'}", new Response.Stopping(), "{'status':'ok','message':'stopping'}"),
        arguments(
            "{'command':'STATUS'}",
            new Response.StatusReport(List.of(Field.of("node_id", 1), Field.of("role", "leader"))),
            "{'status':'ok','node_id':1,'role':'leader'}"),
        arguments(
            "{'command':'LIST','id':1}",
            new Response.Nodes(List.of(new NodeInfo(1, "n", "127.0.0.1", 5, 6, "learner", false))),
            "{'status':'ok','id':1,'nodes':[{'id':1,'name':'n','ip':'127.0.0.1','rale_port':5,"
                + "'dstore_port':6,'role':'learner','state':'offline'}]}"),
        arguments(
            "{'command':'LIST'}",
            new Response.Nodes(
                List.of(new NodeInfo(1, "n", "h", 5, 6, "follower", true, 10, true, UDP, 17, 3))),
            "{'status':'ok','nodes':[{'id':1,'name':'n','ip':'h','rale_port':5,'dstore_port':6,"
                + "'role':'follower','state':'online','incarnation':'000000000000000a',"
                + "'lost':true,'path':'udp','rtt_ms':0.213,'jitter_ms':12.000,'loss':0.037,"
                + "'last_contact_ms':9,'match_index':17,'lag':3}]}"),
        arguments(
            "{'command':'GET','key':'k'}",
            new Response.Value(bytes("a\nb\u2028\\"), 17, 3, 4),
            "{'status':'ok','key':'k','value':'a\\nb\\u2028\\\\','revision':17,"
                + "'created_revision':3,'version':4}"),
        arguments(
            "{'command':'GET','key_base64':'/w=='}",
            new Response.Value(latin("\u00fe"), 17, 3, 4),
            "{'status':'ok','key_base64':'/w==','value_base64':'/g==','revision':17,"
                + "'created_revision':3,'version':4}"),
        arguments(
            "{'command':'PUT','key':'k','value':'v'}",
            new Response.Stored(17, 3, 4),
            "{'status':'ok','key':'k','revision':17,'created_revision':3,'version':4}"),
        arguments(
            "{'command':'CAS','key':'k','value':'v','revision':3}",
            new Response.Stored(17, 3, 4),
            "{'status':'ok','key':'k','revision':17,'created_revision':3,'version':4}"),
        arguments(
            "{'command':'DELETE','key':'k'}",
            new Response.Deleted(1, 9),
            "{'status':'ok','key':'k','deleted':1,'revision':9}"),
        arguments(
            "{'command':'KEYS'}",
            new Response.KeyList(List.of(bytes("a"), latin("\u00ff")), true, 0),
            "{'status':'ok','keys':['a',{'key_base64':'/w=='}],'count':2,'truncated':true}"),
        arguments(
            "{'command':'WATCH-LEADER','id':1}",
            new Response.Leader(2, 5, new Response.Address("n2", "10.0.0.2", 7400, 7401)),
            "{'status':'ok','id':1,'leader_id':2,'term':5,'name':'n2','ip':'10.0.0.2',"
                + "'rale_port':7400,'dstore_port':7401}"),
        arguments(
            "{'command':'WATCH-LEADER','leader_id':2,'term':5}",
            new Response.Leader(-1, 5, null),
            "{'status':'ok','leader_id':-1,'term':5}"),
        arguments(
            "{'command':'BACKUP'}",
            new Response.BackupBegun(7, 0xabcL, 17, 3, 2, 90, bytes("meta")),
            "{'status':'ok','backup_id':7,'cluster_id':'0000000000000abc','index':17,'term':3,"
                + "'keys':2,'bytes':90,'meta_base64':'bWV0YQ=='}"),
        arguments(
            "{'command':'BACKUP','backup_id':7,'piece':1}",
            new Response.BackupPart(1, true, -1, bytes("data")),
            "{'status':'ok','piece':1,'last':true,'checksum':4294967295,"
                + "'data_base64':'ZGF0YQ=='}"),
        arguments(
            "{'command':'REMOVE','node_id':2}",
            new Response.Removed(2),
            "{'status':'ok','node_id':2}"),
        arguments(
            "{'command':'KEYS','prefix':'a'}",
            new Response.KeyList(List.of(), false, 17),
            "{'status':'ok','keys':[],'count':0,'truncated':false,'revision':17}"),
        arguments(
            "{'command':'WATCH','prefix':'a','from':2,'id':1}",
            new Response.Events(
                List.of(
                    new KeyChange(bytes("a"), 4, new Item(bytes("v"), 4, 3, 2)),
                    new KeyChange(latin("a\u00ff"), 5, null)),
                9),
            "{'status':'ok','id':1,'events':[{'event':'PUT','key':'a','value':'v','revision':4,"
                + "'created_revision':3,'version':2},{'event':'DELETE','key_base64':'Yf8=',"
                + "'revision':5}],'revision':9}"),
        arguments(
            "{'command':'WAIT','key':'k'}",
            new Response.Value(bytes("v"), 4, 3, 2),
            "{'status':'ok','key':'k','value':'v','revision':4,'created_revision':3,'version':2}"),
        arguments(
            "{'command':'TRANSFER'}", new Response.Transferred(3), "{'status':'ok','leader_id':3}"),
        arguments(
            "{'command':'ADD','node_id':2,'name':'n','ip':'h','rale_port':1,'dstore_port':2}",
            new Response.Added(2, true, false),
            "{'status':'ok','node_id':2,'already_member':true}"),
        arguments(
            "{'command':'ADD','node_id':2,'name':'n','ip':'h','rale_port':1,'dstore_port':2}",
            new Response.Added(2, false, true),
            "{'status':'ok','node_id':2,'already_member':false,'founded':true}"),
        arguments(
            "{'command':'GET','key':'k','id':'x'}",
            Failed.keyNotFound(bytes("k")),
            "{'status':'error','id':'x','code':'KEY_NOT_FOUND','message':'key not found: k'}"),
        arguments(
            "{'command':'CAS','key':'k','revision':3,'value':'v'}",
            Failed.revisionMismatch(0),
            "{'status':'error','code':'REVISION_MISMATCH','message':'revision mismatch: key is at"
                + " revision 0','detail':'it does not exist','revision':0}"));
  }

  @ParameterizedTest
  @MethodSource("replies")
  void wordsReply(String line, Response response, String reply) {
    assertThat(reply(json(line), response)).isEqualTo(json(reply));
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void namesEveryErrorCode(ErrorCode code) {
    Failed failed = new Failed(code, "what", "figures", "do this", 0);
    assertThat(reply("{}", failed))
        .startsWith(
            json(
                "{'status':'error','code':'"
                    + code
                    + "','message':'what','detail':'figures','hint':'do this'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "-1.50e3",
        "\"a\\u00e9\\n\\\"b\"",
        "null",
        "true",
        "{\"a\":[1,{\"b\":null}]}",
        "[ 1 , 2 ]",
        "9999999999999999999999",
        "\"\"",
        "\"é\"",
      })
  void echoesTheIdAsItCame(String id) {
    for (String line :
        List.of(
            "{\"id\":%s,\"command\":\"PING\"}",
            "{\"command\":\"PING\",\"id\" : %s }", "{\"command\":\"PING\",\"id\":%s}")) {
      assertThat(reply(String.format(line, id), new Response.Pong()))
          .isEqualTo("{\"status\":\"ok\",\"id\":" + id + ",\"message\":\"PONG\"}");
    }
  }

  @Test
  void echoesTheIdOfABadRequestToo() {
    for (String line :
        List.of(
            "{'id':7,'command':'NOPE'}",
            "{'command':'GET','x':{'y':[1]},'id':7}",
            "{'id':7,'command':'GET'}",
            "{'id':7,'command':}",
            "{'id':7,'command':'PING'} x")) {
      assertThat(reply(json(line))).startsWith(json("{'status':'error','id':7,'code':'"));
    }
  }

  @Test
  void neverTakesTheIdOfTheRequestForThatOfANode() {
    assertThat(reply("{\"command\":\"REMOVE\",\"id\":2}"))
        .startsWith("{\"status\":\"error\",\"id\":2,\"code\":\"BAD_REQUEST\"");
  }

  @Test
  void limitsTheId() {
    String id = '"' + "x".repeat(JsonFields.MAX_ID_BYTES - 2) + '"';
    assertThat(parse("{\"command\":\"PING\",\"id\":" + id + "}")).isInstanceOf(Parsed.class);
    assertThat(reply("{\"command\":\"PING\",\"id\":\"y" + id.substring(1) + "}"))
        .contains("the id has 1025 bytes")
        .hasSizeLessThan(200);
  }

  @Test
  void readsTheTimeout() {
    Parsed parsed = (Parsed) parse("{\"command\":\"PING\",\"timeout_ms\":1500}");
    assertThat(parsed.timeoutMs()).isEqualTo(OptionalInt.of(1500));
    assertThat(((Parsed) parse("{\"command\":\"PING\"}")).timeoutMs()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{|malformed JSON",
        "{}|member 'command' is missing",
        "{'command':1}|member 'command' has the wrong type",
        "{'command':null}|member 'command' has the wrong type",
        "{'command':'PING'} {}|more follows the JSON object",
        "{'command':'PING'}]|malformed JSON",
        "{'command':'PING','command':'PING'}|member 'command' stands twice",
        "{'command':'CAS','key':'k','value':'v','revsion':1}|unknown member 'revsion'",
        "{'command':'GET','key':'k','value':'v'}|GET does not take 'value'",
        "{'command':'PING','key':'k'}|PING does not take 'key'",
        "{'command':'GET'}|member 'key' is missing",
        "{'command':'GET','key':''}|the key is empty",
        "{'command':'GET','key':7}|member 'key' has the wrong type",
        "{'command':'GET','key':'k','local':1}|member 'local' has the wrong type",
        "{'command':'GET','key':'k','key_base64':'aw=='}|both 'key' and 'key_base64' are given",
        "{'command':'GET','key_base64':'*'}|'key_base64' is no base64",
        "{'command':'GET','key':'\\ud800'}|'key' has half of a surrogate pair",
        "{'command':'PUT','key':'k'}|member 'value' is missing",
        "{'command':'CAS','key':'k','value':'v'}|member 'revision' is missing",
        "{'command':'CAS','key':'k','value':'v','revision':-1}|revision is -1",
        "{'command':'REMOVE','node_id':-1}|node_id is -1",
        "{'command':'CAS','key':'k','value':'v','revision':1.5}|member 'revision' has the wrong"
            + " type",
        "{'command':'CAS','key':'k','value':'v','revision':9223372036854775808}|member 'revision'"
            + " has the wrong type",
        "{'command':'KEYS','limit':0}|limit is 0",
        "{'command':'WATCH-LEADER','leader_id':7}|member 'term' is missing",
        "{'command':'WATCH-LEADER','term':7}|member 'leader_id' is missing",
        "{'command':'WATCH-LEADER','leader_id':-2,'term':7}|leader_id is -2",
        "{'command':'WATCH-LEADER','leader_id':2,'term':-1}|term is -1",
        "{'command':'TRANSFER','term':1}|TRANSFER does not take 'term'",
        "{'command':'BACKUP','backup_id':7}|member 'piece' is missing",
        "{'command':'BACKUP','piece':7}|member 'backup_id' is missing",
        "{'command':'BACKUP','backup_id':0,'piece':7}|backup_id is 0",
        "{'command':'BACKUP','backup_id':1,'piece':-1}|piece is -1",
        "{'command':'BACKUP','backup_id':1,'piece':0,'local':true}|'local' stands beside",
        "{'command':'KEYS','limit':10001}|limit is 10001",
        "{'command':'PING','timeout_ms':0}|timeout_ms is 0",
        "{'command':'PING','timeout_ms':3600001}|timeout_ms is 3600001",
        "{'command':'REMOVE'}|member 'node_id' is missing",
        "{'command':'REMOVE','node_id':2,'incarnation':'0000000000000000'}|"
            + "'0000000000000000' is no incarnation",
        "{'command':'REMOVE','node_id':2,'incarnation':'12'}|'12' is no incarnation",
        "{'command':'REMOVE','node_id':0}|node_id is 0",
        "{'command':'TRANSFER','node_id':10001}|node_id is 10001",
        "{'command':'ADD','node_id':4294967297,'name':'n','ip':'h','rale_port':1,'dstore_port':2}"
            + "|node_id is 4294967297",
        "{'command':'ADD','node_id':1,'name':'n','ip':'h','rale_port':1}"
            + "|member 'dstore_port' is missing",
        "{'command':'DELETE','key':'k','sequence':1}|'sequence' stands without 'client_id'",
        "{'command':'DELETE','key':'k','client_id':'00000000000000000000000000000001'}"
            + "|member 'sequence' is missing",
        "{'command':'DELETE','key':'k','client_id':'0','sequence':1}|'0' is no client_id",
        "{'command':'DELETE','key':'k','client_id':'00000000000000000000000000000000','sequence':1}"
            + "|'00000000000000000000000000000000' is no client_id",
        "{'command':'DELETE','key':'k','client_id':'00000000000000000000000000000001','sequence':0}"
            + "|sequence is 0",
        "{'command':'DELETE','key':'k','client_id':'00000000000000000000000000000001','sequence':1,"
            + "'acknowledged':1}|acknowledged is 1",
      })
  void refusesBadRequest(String line, String message) {
    assertThat(reply(json(line)))
        .startsWith(json("{'status':'error','code':'BAD_REQUEST','message':\"") + message)
        .contains("\"hint\":");
  }

  @Test
  void namesTheMemberThatWasMeant() {
    assertThat(reply("{\"command\":\"CAS\",\"key\":\"k\",\"revsion\":1}"))
        .contains("\"hint\":\"did you mean 'revision'?\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'command':'REMOVE','node_id':'2'}|it is a whole number from 1 to 10000",
        "{'command':'REMOVE'}|it is a whole number from 1 to 10000",
        "{'command':'REMOVE','node_id':0}|it goes from 1 to 10000",
        "{'command':'CAS','key':'k','value':'v'}"
            + "|it is a whole number from 0 to 9223372036854775807",
        "{'command':'PING','timeout_ms':true}|it is a whole number from 1 to 3600000",
        "{'command':'GET','key':1}|it is a string",
      })
  void saysWhatAMemberMayBe(String line, String hint) {
    assertThat(reply(json(line))).endsWith("\"hint\":\"" + hint + "\"}");
  }

  @Test
  void saysWhereJsonEndsTooEarlyAndNothingOfTheParser() {
    assertThat(reply("{"))
        .contains(
            "\"malformed JSON at column 2: Unexpected end-of-input: expected close marker for"
                + " Object\"");
  }

  @Test
  void refusesDeepNesting() {
    String deep = "[".repeat(100_000);
    assertThat(reply("{\"id\":" + deep)).contains("BAD_REQUEST").hasSizeLessThan(300);
  }

  @Test
  void refusesWhatIsNoUtf8() {
    byte[] line = latin("{\"command\":\"GET\",\"key\":\"\u00ff\"}").toByteArray();
    assertThat(reply(Lines.PARSER.parse(line)))
        .contains("\"message\":\"the line is no JSON in UTF-8 at position 25\"");
    byte[] utf16 = "{\"command\":\"PING\"}".getBytes(StandardCharsets.UTF_16LE);
    assertThat(reply(Lines.PARSER.parse(utf16))).contains("BAD_REQUEST");
  }

  @Test
  void hasTheSameLimitsAsText() {
    String key = "k".repeat(Limits.MAX_KEY_BYTES + 1);
    assertThat(code("{\"command\":\"GET\",\"key\":\"" + key + "\"}"))
        .isEqualTo(ErrorCode.KEY_TOO_LONG);
    String value = Base64.getEncoder().encodeToString(new byte[Limits.MAX_VALUE_BYTES]);
    assertThat(parse("{\"command\":\"PUT\",\"key\":\"k\",\"value_base64\":\"" + value + "\"}"))
        .isInstanceOf(Parsed.class);
    String larger = Base64.getEncoder().encodeToString(new byte[Limits.MAX_VALUE_BYTES + 1]);
    assertThat(code("{\"command\":\"PUT\",\"key\":\"k\",\"value_base64\":\"" + larger + "\"}"))
        .isEqualTo(ErrorCode.VALUE_TOO_LARGE);
    assertThat(code("{\"command\":\"FROB\"}")).isEqualTo(ErrorCode.UNKNOWN_COMMAND);
  }

  @Test
  void answersWhatTextAnswers() {
    assertThat(reply("{\"command\":\"KEEP_ALIVE\",\"id\":1}"))
        .isEqualTo("{\"status\":\"ok\",\"id\":1}");
    assertThat(reply("{\"command\":\"help\"}"))
        .startsWith("{\"status\":\"ok\",\"commands\":[\"GET\",\"PUT\"");
  }

  private static ErrorCode code(String line) {
    return ((Rejected) parse(line)).failure().code();
  }
}
