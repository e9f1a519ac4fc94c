package org.rale.wire;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.rale.bytes.Bytes;
import org.rale.dstore.Compare;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.dstore.TxnResult;
import org.rale.raft.Denial;
import org.rale.raft.Entry;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;
import org.rale.request.ErrorCode;
import org.rale.request.NodeInfo;
import org.rale.request.Request;
import org.rale.request.Response;

/** Random messages of every kind, from a seed. */
final class WireSamples {
  /** Those that may come from another node. */
  private static final ErrorCode[] ERROR_CODES =
      Stream.of(ErrorCode.values())
          .filter(code -> code != ErrorCode.REVISION_TOO_OLD)
          .toArray(ErrorCode[]::new);

  private final Random random;

  WireSamples(long seed) {
    random = new Random(seed);
  }

  Map<Class<?>, Supplier<Handshake>> handshakes() {
    return Map.of(
        Handshake.Hello.class,
        () -> new Handshake.Hello(identity(), process(), nodeId(), 1 + random.nextInt(100)),
        Handshake.Welcome.class,
        () -> new Handshake.Welcome(identity(), process(), 1 + random.nextInt(100)),
        Handshake.Refused.class,
        () -> new Handshake.Refused(identity(), any(Handshake.Refusal.values()), text()));
  }

  Map<Class<?>, Supplier<PeerMessage>> peerMessages() {
    return Map.of(
        PeerMessage.Raft.class,
        () -> new PeerMessage.Raft(anyOf(messages())),
        PeerMessage.Forward.class,
        () -> {
          int connection = random.nextInt(3);
          boolean told = connection != 0 && random.nextBoolean();
          long after = told ? position() : PeerMessage.Forward.UNTOLD;
          return new PeerMessage.Forward(
              random.nextLong(), connection, after, count(), anyOf(requests()));
        },
        PeerMessage.ForwardReply.class,
        () -> new PeerMessage.ForwardReply(random.nextLong(), anyOf(responses())),
        PeerMessage.ForwardLost.class,
        () -> new PeerMessage.ForwardLost(random.nextLong()),
        PeerMessage.StateDigest.class,
        () -> new PeerMessage.StateDigest(position(), random.nextLong()),
        PeerMessage.Members.class,
        () -> new PeerMessage.Members(position(), position(), membership()),
        PeerMessage.KeepAlive.class,
        () -> new PeerMessage.KeepAlive(random.nextBoolean()),
        PeerMessage.Parting.class,
        () -> new PeerMessage.Parting(any(Handshake.Refusal.values()), text()));
  }

  Map<Class<?>, Supplier<Message>> messages() {
    return Map.ofEntries(
        entry(
            Message.PreVoteRequest.class,
            () -> new Message.PreVoteRequest(position(), position(), position(), position())),
        entry(
            Message.PreVoteResponse.class,
            () -> new Message.PreVoteResponse(position(), position(), any(Denial.values()))),
        entry(
            Message.VoteRequest.class,
            () ->
                new Message.VoteRequest(
                    position(), position(), position(), random.nextBoolean(), random.nextLong())),
        entry(
            Message.VoteResponse.class,
            () -> new Message.VoteResponse(position(), any(Denial.values()), random.nextLong())),
        entry(
            Message.Heartbeat.class,
            () -> new Message.Heartbeat(position(), position(), position(), position())),
        entry(
            Message.HeartbeatResponse.class,
            () -> new Message.HeartbeatResponse(position(), position(), random.nextInt(1_002) - 1)),
        entry(Message.AppendRequest.class, this::appendRequest),
        entry(
            Message.AppendResponse.class,
            () ->
                new Message.AppendResponse(
                    position(),
                    position(),
                    random.nextBoolean(),
                    position(),
                    position(),
                    position(),
                    position())),
        entry(
            Message.SnapshotPiece.class,
            () ->
                new Message.SnapshotPiece(
                    position(),
                    new SnapshotMeta(position(), position(), membership()),
                    count(),
                    random.nextBoolean(),
                    random.nextLong(),
                    bytes(0))),
        entry(
            Message.SnapshotResponse.class,
            () ->
                new Message.SnapshotResponse(
                    position(), position(), count(), random.nextBoolean())),
        entry(Message.TimeoutNow.class, () -> new Message.TimeoutNow(position())),
        entry(
            Message.ReadIndexRequest.class,
            () -> new Message.ReadIndexRequest(position(), random.nextLong())),
        entry(
            Message.ReadIndexResponse.class,
            () ->
                new Message.ReadIndexResponse(
                    position(), random.nextLong(), random.nextBoolean() ? -1 : position())));
  }

  Map<Class<?>, Supplier<Request>> requests() {
    return Map.ofEntries(
        entry(Request.Ping.class, Request.Ping::new),
        entry(Request.Status.class, Request.Status::new),
        entry(Request.ListNodes.class, Request.ListNodes::new),
        entry(Request.Change.class, () -> new Request.Change(command())),
        entry(Request.Get.class, () -> new Request.Get(bytes(1), random.nextBoolean())),
        entry(Request.Keys.class, () -> new Request.Keys(bytes(0), 1 + random.nextInt(10_000))),
        entry(Request.Add.class, () -> new Request.Add(nodeId(), text(), text(), port(), port())),
        entry(
            Request.Remove.class,
            () -> new Request.Remove(nodeId(), random.nextInt(2) * random.nextLong())),
        entry(Request.Transfer.class, () -> new Request.Transfer(random.nextInt(10_001))),
        entry(Request.Stop.class, Request.Stop::new),
        entry(Request.LeaseKeepAlive.class, () -> new Request.LeaseKeepAlive(position())));
  }

  Map<Class<?>, Supplier<Response>> responses() {
    return Map.ofEntries(
        entry(Response.Pong.class, Response.Pong::new),
        entry(Response.Stopping.class, Response.Stopping::new),
        entry(
            Response.Value.class,
            () -> new Response.Value(bytes(0), position(), position(), position())),
        entry(Response.Stored.class, () -> new Response.Stored(position(), position(), position())),
        entry(Response.Deleted.class, () -> new Response.Deleted(random.nextInt(2), position())),
        entry(
            Response.KeyList.class,
            () -> new Response.KeyList(List.of(bytes(1), bytes(1)), random.nextBoolean(), 0)),
        entry(
            Response.Added.class,
            () -> new Response.Added(nodeId(), random.nextBoolean(), random.nextBoolean())),
        entry(Response.Removed.class, () -> new Response.Removed(nodeId())),
        entry(Response.Transferred.class, () -> new Response.Transferred(nodeId())),
        entry(
            Response.Nodes.class,
            () ->
                new Response.Nodes(
                    List.of(
                        new NodeInfo(nodeId(), text(), text(), port(), port(), text(), true),
                        new NodeInfo(nodeId(), text(), text(), port(), port(), text(), false)))),
        entry(
            Response.StatusReport.class,
            () ->
                new Response.StatusReport(
                    List.of(
                        Response.Field.of(text(), random.nextLong()),
                        Response.Field.of(text(), text())))),
        entry(
            Response.Txn.class,
            () -> new Response.Txn(random.nextBoolean(), position(), results())),
        entry(Response.LeaseGranted.class, () -> new Response.LeaseGranted(position(), position())),
        entry(Response.LeaseKept.class, () -> new Response.LeaseKept(position(), position())),
        entry(
            Response.LeaseRevoked.class,
            () -> new Response.LeaseRevoked(position(), random.nextInt(1_001), position())),
        entry(
            Response.Failed.class,
            () ->
                new Response.Failed(
                    any(ERROR_CODES),
                    text(),
                    random.nextBoolean() ? text() : null,
                    random.nextBoolean() ? text() : null,
                    position())));
  }

  Datagram datagram() {
    Message message = anyOf(messages());
    while (!DatagramCodec.carries(message)) {
      message = anyOf(messages());
    }
    Datagram.Stamps stamps =
        new Datagram.Stamps(position(), position(), random.nextInt(Datagram.Stamps.MAX_HELD + 1));
    return new Datagram(
        identity(), process(), nodeId(), position(), random.nextBoolean(), stamps, message);
  }

  private long process() {
    return random.nextLong() | 1;
  }

  private Message.AppendRequest appendRequest() {
    long prevIndex = random.nextInt(1000);
    long term = random.nextInt(5);
    List<Entry> entries = new ArrayList<>();
    long entryTerm = term;
    for (int i = 0; i < random.nextInt(5); i++) {
      entryTerm += 1 + random.nextInt(2);
      entries.add(new Entry(prevIndex + 1 + i, entryTerm, payload()));
    }
    return new Message.AppendRequest(
        entryTerm + random.nextInt(3), position(), prevIndex, term, position(), entries);
  }

  private Payload payload() {
    return switch (random.nextInt(3)) {
      case 0 -> new Payload.Empty();
      case 1 -> new Payload.Command(bytes(0));
      default -> new Payload.Members(membership());
    };
  }

  private Membership membership() {
    Membership membership = Membership.NONE;
    for (int i = random.nextInt(4); i > 0; i--) {
      membership =
          membership.with(
              new Member(
                  nodeId(),
                  text(),
                  text(),
                  port(),
                  port(),
                  random.nextLong(),
                  random.nextBoolean()));
    }
    return membership;
  }

  private StoreCommand command() {
    Origin origin =
        random.nextBoolean()
            ? Origin.NONE
            : new Origin(
                random.nextLong(), 1, 1 + position() / 2, position(), random.nextBoolean(), 3);
    return switch (random.nextInt(8)) {
      case 0 -> new StoreCommand.Put(origin, bytes(1), bytes(0));
      case 1 -> new StoreCommand.CompareAndSet(origin, bytes(1), position(), bytes(0));
      case 2 -> new StoreCommand.Put(origin, bytes(1), bytes(0), 1 + position() / 2);
      case 3 ->
          new StoreCommand.CompareAndSet(
              origin, bytes(1), position(), bytes(0), 1 + position() / 2);
      case 4 -> new StoreCommand.LeaseGrant(origin, 1_000 + random.nextInt(80_000_000));
      case 5 -> new StoreCommand.LeaseRevoke(origin, position());
      case 6 ->
          new StoreCommand.Txn(
              origin,
              List.of(
                  Compare.number(
                      bytes(1), Compare.Target.VERSION, any(Compare.Relation.values()), position()),
                  Compare.value(bytes(1), Compare.Relation.NOT_EQUAL, bytes(0))),
              List.of(new TxnOp.Put(bytes(1), bytes(0), position()), new TxnOp.Get(bytes(1))),
              List.of(new TxnOp.Delete(bytes(1))));
      default -> new StoreCommand.Delete(origin, bytes(1));
    };
  }

  private List<TxnResult> results() {
    return List.of(
        new TxnResult.Stored(position(), position()),
        new TxnResult.Deleted(random.nextInt(2)),
        new TxnResult.Got(0, 0, 0, null),
        new TxnResult.Got(
            position(), position(), position(), random.nextBoolean() ? bytes(0) : null));
  }

  Identity identity() {
    return new Identity(random.nextLong(), nodeId(), random.nextLong() | 1);
  }

  private int nodeId() {
    return 1 + random.nextInt(10_000);
  }

  private int port() {
    return random.nextInt(65_536);
  }

  private int count() {
    return random.nextInt(Integer.MAX_VALUE);
  }

  private long position() {
    return random.nextLong() >>> (1 + random.nextInt(63));
  }

  private String text() {
    return List.of("", "n", "node é€\ud83d\ude00").get(random.nextInt(3));
  }

  private Bytes bytes(int least) {
    byte[] bytes = new byte[least + random.nextInt(20)];
    random.nextBytes(bytes);
    return Bytes.wrap(bytes);
  }

  private <T> T any(T[] constants) {
    return constants[random.nextInt(constants.length)];
  }

  /** One of them; in an order that is the same in every process. */
  private <T> T anyOf(Map<Class<?>, Supplier<T>> kinds) {
    List<Class<?>> types =
        kinds.keySet().stream().sorted(Comparator.comparing(Class::getName)).toList();
    return kinds.get(types.get(random.nextInt(types.size()))).get();
  }
}
