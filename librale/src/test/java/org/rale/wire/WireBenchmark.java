package org.rale.wire;

import java.util.List;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.Message;
import org.rale.raft.Payload;

/** Entries of a PUT of 256 bytes on their way to a follower, 64 in a message; a time an entry. */
@State(Scope.Thread)
public class WireBenchmark {
  private static final int ENTRIES = 64;
  private static final int BYTES = 256;

  private final PeerMessage message = new PeerMessage.Raft(request());
  private final ByteWriter out = new ByteWriter(64 << 10);
  private final byte[] encoded = encoded();

  private static Message request() {
    Bytes value = Bytes.wrap(new byte[BYTES]);
    StoreCommand put = new StoreCommand.Put(Origin.NONE, Bytes.utf8("key123456"), value);
    Payload payload = new Payload.Command(StoreCodec.encode(put));
    List<Entry> entries =
        LongStream.rangeClosed(1, ENTRIES).mapToObj(i -> new Entry(i, 1, payload)).toList();
    return new Message.AppendRequest(1, 1, 0, 0, 0, entries);
  }

  private byte[] encoded() {
    out.clear();
    LinkCodec.encode(message, out);
    return out.toBytes().toByteArray();
  }

  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public int encode() {
    out.clear();
    LinkCodec.encode(message, out);
    return out.size();
  }

  @Benchmark
  @OperationsPerInvocation(ENTRIES)
  public PeerMessage decode() throws MalformedException {
    return LinkCodec.decode(encoded, 0, encoded.length);
  }
}
