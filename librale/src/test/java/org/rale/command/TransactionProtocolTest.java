package org.rale.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.rale.command.Lines.bytes;
import static org.rale.command.Lines.reply;
import static org.rale.command.Lines.request;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.command.ParsedLine.Rejected;
import org.rale.dstore.Compare;
import org.rale.dstore.Compare.Relation;
import org.rale.dstore.Compare.Target;
import org.rale.dstore.LeaseItem;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.dstore.TxnResult;
import org.rale.request.Request;
import org.rale.request.Response;

/** TXN and LEASE, as text and as JSON. */
final class TransactionProtocolTest {
  private static final String TXN =
      json(
          "{'command':'TXN','compare':[{'key':'lock','exists':false},{'key':'a','op':'>','version':2},"
              + "{'key':'b','op':'!=','value_base64':'/w=='}],"
              + "'then':[{'command':'PUT','key':'lock','value':'me','lease':17},"
              + "{'command':'delete','key':'a'},{'command':'GET','key_base64':'/w=='}],"
              + "'else':[{'command':'GET','key':'lock'}]}");

  private static String json(String quoted) {
    return quoted.replace('\'', '"');
  }

  @Test
  void aTransactionIsRead() {
    assertThat(request(TXN))
        .isEqualTo(
            new Request.Change(
                new StoreCommand.Txn(
                    Origin.NONE,
                    List.of(
                        Compare.number(bytes("lock"), Target.EXISTS, Relation.EQUAL, 0),
                        Compare.number(bytes("a"), Target.VERSION, Relation.GREATER, 2),
                        Compare.value(bytes("b"), Relation.NOT_EQUAL, Lines.latin("\u00ff"))),
                    List.of(
                        new TxnOp.Put(bytes("lock"), bytes("me"), 17),
                        new TxnOp.Delete(bytes("a")),
                        new TxnOp.Get(Lines.latin("\u00ff"))),
                    List.of(new TxnOp.Get(bytes("lock"))))));
  }

  @Test
  void aTransactionIsAnsweredStepByStep() {
    assertThat(
            reply(
                TXN,
                new Response.Txn(
                    true,
                    20,
                    List.of(
                        new TxnResult.Stored(20, 1),
                        new TxnResult.Deleted(1),
                        new TxnResult.Got(5, 4, 2, bytes("v"))))))
        .isEqualTo(
            json(
                "{'status':'ok','succeeded':true,'revision':20,'results':["
                    + "{'command':'PUT','key':'lock','revision':20,'created_revision':20,'version':1},"
                    + "{'command':'DELETE','key':'a','deleted':1},"
                    + "{'command':'GET','key_base64':'/w==','found':true,'value':'v','revision':5,"
                    + "'created_revision':4,'version':2}]}"));
    assertThat(reply(TXN, new Response.Txn(false, 20, List.of(new TxnResult.Got(0, 0, 0, null)))))
        .isEqualTo(
            json(
                "{'status':'ok','succeeded':false,'revision':20,'results':["
                    + "{'command':'GET','key':'lock','found':false}]}"));
    assertThat(reply(TXN, new Response.Txn(false, 20, List.of(new TxnResult.Got(5, 4, 2, null)))))
        .contains(json("'found':true,'omitted':true,'revision':5"));
  }

  static Stream<Arguments> faults() {
    String put = "{'command':'PUT','key':'k','value':'v'}";
    return Stream.of(
        arguments("{'command':'TXN'}", "the transaction has no step"),
        arguments("{'command':'TXN','then':{}}", "member 'then' has the wrong type"),
        arguments("{'command':'TXN','then':[7]}", "'then' has an element that is no object"),
        arguments(
            "{'command':'TXN','then':[{'command':'PUT','key':'k','value':'v','then':[]}]}",
            "'then', element 1: member 'then' has the wrong type"),
        arguments(
            "{'command':'TXN','then':[" + put + "," + put + "]}",
            "the transaction has key k changed twice in a list"),
        arguments(
            "{'command':'TXN','then':[" + put + ",{'command':'CAS','key':'k'}]}",
            "'then', element 2: 'CAS' is no step of a transaction"),
        arguments(
            "{'command':'TXN','else':[{'command':'GET','key':'k','value':'v'}]}",
            "'else', element 1: GET in a transaction does not take 'value'"),
        arguments(
            "{'command':'TXN','else':[{'command':'GET','key':'k','revsion':1}]}",
            "'else', element 1: unknown member 'revsion'"),
        arguments(
            "{'command':'TXN','compare':[{'key':'k'}],'then':[" + put + "]}",
            "'compare', element 1: it compares nothing"),
        arguments(
            "{'command':'TXN','compare':[{'key':'k','version':1,'revision':1}]}",
            "'compare', element 1: it compares more than one thing"),
        arguments(
            "{'command':'TXN','compare':[{'key':'k','value':'v','op':'<'}]}",
            "'compare', element 1: 'value' can't be less or greater"),
        arguments(
            "{'command':'TXN','compare':[{'key':'k','version':1,'op':'=='}]}",
            "'compare', element 1: 'op' is '=='"),
        arguments(
            "{'command':'TXN','compare':[{'version':1}]}",
            "'compare', element 1: member 'key' is missing"),
        arguments(
            "{'command':'TXN','compare':[{'key':'k','version':1,'timeout_ms':1}]}",
            "'compare', element 1: a condition does not take 'timeout_ms'"),
        arguments(
            "{'command':'TXN','then':[" + (put + ",").repeat(128) + put + "]}",
            "'then' has more than 128 elements"),
        arguments("{'command':'PUT','key':'k','value':'v','lease':0}", "lease is 0"),
        arguments("{'command':'LEASE'}", "Unknown command 'LEASE'"),
        arguments("{'command':'LEASE GRANT'}", "member 'ttl_ms' is missing"),
        arguments("{'command':'LEASE GRANT','ttl_ms':999}", "ttl_ms is 999"),
        arguments("{'command':'LEASE PUT'}", "LEASE PUT is of the text form"),
        arguments("TXN", "TXN has no text form"),
        arguments("LEASE", "Unknown command 'LEASE'"),
        arguments("LEASE FOO", "Unknown command 'LEASE'"),
        arguments("LEASE GRANT", "LEASE GRANT requires a ttl in seconds"),
        arguments("LEASE GRANT ten", "the ttl is no number of seconds: 'ten'"),
        arguments("LEASE GRANT 1.", "the ttl is no number of seconds: '1.'"),
        arguments("LEASE GRANT 0.999", "the ttl is 0.999 s"),
        arguments("LEASE GRANT 86400.001", "the ttl is 86400.001 s"),
        arguments("LEASE GRANT 10 s", "LEASE GRANT does not take 's'"),
        arguments("LEASE KEEPALIVE", "LEASE KEEPALIVE requires a lease"),
        arguments("LEASE REVOKE x", "the lease is no number: 'x'"),
        arguments("LEASE REVOKE 0", "lease is 0"),
        arguments("LEASE LIST 7", "LEASE LIST does not take '7'"),
        arguments("LEASE PUT 7", "LEASE PUT requires a key"),
        arguments("LEASE PUT 7 k", "LEASE PUT requires a value"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whatIsWrongIsSaid(String line, String message) {
    ParsedLine parsed = Lines.parse(line.startsWith("{") ? json(line) : line);
    assertThat(parsed).isInstanceOf(Rejected.class);
    assertThat(((Rejected) parsed).failure().message()).isEqualTo(message);
    assertThat(((Rejected) parsed).failure().hint()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "LEASE GRANT 10, 10000",
    "lease  grant 2.5, 2500",
    "LEASE GRANT 1.005, 1005",
    "LEASE GRANT 86400, 86400000"
  })
  void secondsMayHaveThreeDigitsBehindThePoint(String line, long ms) {
    assertThat(request(line))
        .isEqualTo(new Request.Change(new StoreCommand.LeaseGrant(Origin.NONE, ms)));
  }

  @Test
  void leasesInText() {
    assertThat(request("LEASE KEEPALIVE 17")).isEqualTo(new Request.LeaseKeepAlive(17));
    assertThat(request(" Lease Revoke 17 "))
        .isEqualTo(new Request.Change(new StoreCommand.LeaseRevoke(Origin.NONE, 17)));
    assertThat(request("LEASE LIST")).isEqualTo(new Request.Leases());
    assertThat(request("LEASE PUT 17 k  v "))
        .isEqualTo(
            new Request.Change(new StoreCommand.Put(Origin.NONE, bytes("k"), bytes(" v "), 17)));
    assertThat(reply("LEASE GRANT 10", new Response.LeaseGranted(17, 10_000))).isEqualTo("OK: 17");
    assertThat(reply("LEASE KEEPALIVE 17", new Response.LeaseKept(17, 10_000)))
        .isEqualTo("OK: lease 17 lasts 10 s");
    assertThat(reply("LEASE KEEPALIVE 17", new Response.LeaseKept(17, 2_500)))
        .isEqualTo("OK: lease 17 lasts 2.500 s");
    assertThat(reply("LEASE REVOKE 17", new Response.LeaseRevoked(17, 2, 30)))
        .isEqualTo("OK: deleted 2");
    assertThat(reply("LEASE LIST", new Response.LeaseList(List.of(new LeaseItem(17, 10_000, 2)))))
        .isEqualTo(json("{'leases':[{'lease':17,'ttl_ms':10000,'keys':2}],'count':1}"));
    assertThat(reply("LEASE PUT 17 k v", new Response.Stored(3, 2, 1))).isEqualTo("OK: v");
  }

  @Test
  void leasesInJson() {
    String grant = json("{'command':'lease grant','ttl_ms':2500}");
    assertThat(request(grant))
        .isEqualTo(new Request.Change(new StoreCommand.LeaseGrant(Origin.NONE, 2_500)));
    assertThat(reply(grant, new Response.LeaseGranted(17, 2_500)))
        .isEqualTo(json("{'status':'ok','lease':17,'ttl_ms':2500}"));
    assertThat(
            reply(
                json("{'command':'LEASE REVOKE','lease':17}"),
                new Response.LeaseRevoked(17, 2, 30)))
        .isEqualTo(json("{'status':'ok','lease':17,'deleted':2,'revision':30}"));
  }
}
