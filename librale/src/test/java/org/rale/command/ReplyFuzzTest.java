package org.rale.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.fuzz.Cost;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * A reply as a client reads it. The first byte says which request it answers, the rest is the line.
 * What is no reply is malformed; what is one is the same when it is written and read again.
 */
final class ReplyFuzzTest {
  private static final Bytes KEY = Bytes.utf8("k");

  private static final List<Request> REQUESTS =
      List.of(
          new Request.Ping(),
          new Request.Status(),
          new Request.ListNodes(),
          new Request.Change(new StoreCommand.Put(Origin.NONE, KEY, KEY)),
          new Request.Change(new StoreCommand.Delete(Origin.NONE, KEY)),
          new Request.Get(KEY, false),
          new Request.Keys(KEY, 2),
          new Request.Add(2, "n", "h", 1, 2),
          new Request.Remove(2),
          new Request.Transfer(0),
          new Request.WatchLeader(),
          new Request.Stop(),
          new Request.Backup(false),
          new Request.BackupPiece(7, 9),
          new Request.Change(new StoreCommand.Txn(Origin.NONE, List.of(), List.of(), List.of())),
          new Request.Change(new StoreCommand.LeaseGrant(Origin.NONE, 1_000)),
          new Request.Change(new StoreCommand.LeaseRevoke(Origin.NONE, 7)),
          new Request.LeaseKeepAlive(7),
          new Request.Leases(),
          new Request.Watch(KEY, 3),
          new Request.Wait(KEY, 3));

  static Stream<byte[]> seeds() {
    return RoundTripTest.pairs().map(pair -> seed(pair.getValue(), pair.getKey()));
  }

  private static byte[] seed(Request request, Response response) {
    byte[] reply = ReplyRenderer.render(new Form.Json(request, "7"), response);
    byte[] seed = new byte[1 + reply.length];
    for (int i = 0; i < REQUESTS.size(); i++) {
      if (REQUESTS.get(i).getClass() == request.getClass()
          && sameCommand(REQUESTS.get(i), request)) {
        seed[0] = (byte) i;
      }
    }
    System.arraycopy(reply, 0, seed, 1, reply.length);
    return seed;
  }

  private static boolean sameCommand(Request one, Request other) {
    return !(one instanceof Request.Change a)
        || !(other instanceof Request.Change b)
        || a.command().getClass() == b.command().getClass();
  }

  @MethodSource("seeds")
  @FuzzTest
  void reply(byte[] input) throws Exception {
    if (input.length == 0) {
      return;
    }
    Request request = REQUESTS.get((input[0] & 0xff) % REQUESTS.size());
    byte[] line = Arrays.copyOfRange(input, 1, input.length);
    Response response;
    try {
      response = Cost.bounded(line.length, 1 << 20, () -> new ReplyParser().parse(request, line));
    } catch (MalformedException e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    byte[] written = ReplyRenderer.render(new Form.Json(request, null), response);
    assertThat(Utf8.firstNotOneLine(written, 0, written.length)).isNegative();
    assertThat(new ReplyParser().parse(request, written)).isEqualTo(response);
    byte[] text = ReplyRenderer.render(new Form.Text(request), response);
    assertThat(Utf8.firstNotOneLine(text, 0, text.length)).isNegative();
  }
}
