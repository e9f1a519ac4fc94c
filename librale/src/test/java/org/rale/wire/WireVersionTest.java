package org.rale.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Denial;
import org.rale.raft.Entry;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response.Failed;
import org.rale.wire.Datagram.Stamps;
import org.rale.wire.PeerMessage.Raft;

/** The bytes of version 1 stay the bytes of version 1, and other versions part in peace. */
class WireVersionTest {
  private static final Identity IDENTITY =
      new Identity(0x1122334455667788L, 3, 0x0102030405060708L);
  private static final long PROCESS = 0x5152535455565758L;
  private static final int VERSION_AT = 5;
  private static final int OLDEST_AT = 6;

  /** The checksums were computed by another program. */
  static Stream<Arguments> handshakes() {
    return Stream.of(
        arguments(
            new Handshake.Hello(IDENTITY, PROCESS, 7, 9),
            "8e52414c45 04 01 00000021 01 1122334455667788 00000003 0102030405060708 "
                + "5152535455565758 00000007 09 a9afb824"),
        arguments(
            new Handshake.Welcome(IDENTITY, PROCESS, 9),
            "8e52414c45 04 01 0000001d 02 1122334455667788 00000003 0102030405060708 "
                + "5152535455565758 09 b54f5f98"),
        arguments(
            new Handshake.Refused(IDENTITY, Handshake.Refusal.VERSION, "no"),
            "8e52414c45 04 01 0000001b 03 1122334455667788 00000003 0102030405060708 "
                + "04 00000002 6e6f c546c83a"));
  }

  @ParameterizedTest
  @MethodSource("handshakes")
  void handshakeBytes(Handshake handshake, String bytes) {
    assertThat(HexFormat.of().formatHex(handshake(handshake))).isEqualTo(bytes.replace(" ", ""));
  }

  static Stream<Arguments> messages() {
    Request put =
        new Request.Change(new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), Bytes.utf8("v")));
    Entry entry = new Entry(5, 2, new Payload.Command(Bytes.utf8("c")));
    return Stream.of(
        arguments(
            new Raft(new Message.VoteResponse(5, Denial.LOG_BEHIND, 9)),
            "00000012 04 04 0000000000000005 03 0000000000000009 0838b949"),
        arguments(
            new Raft(new Message.AppendRequest(2, 3, 4, 1, 4, List.of(entry))),
            "00000044 04 07 0000000000000002 0000000000000003 0000000000000004 "
                + "0000000000000001 0000000000000004 00000001 01 0000000000000005 "
                + "0000000000000002 01 00000001 63 3bed8f61"),
        arguments(
            new PeerMessage.Forward(1, 0, PeerMessage.Forward.UNTOLD, 250, put),
            "0000001e 05 0000000000000001 000000fa 04 0000000d 01 01 00 00000001 6b "
                + "00000001 76 312a7aaa"),
        arguments(
            new PeerMessage.Forward(1, 7, PeerMessage.Forward.UNTOLD, 250, put),
            "00000026 0c 0000000000000001 0000000000000007 000000fa 04 0000000d 01 01 00 "
                + "00000001 6b 00000001 76 7ac3c924"),
        arguments(
            new PeerMessage.Forward(1, 7, 9, 250, put),
            "0000002e 0d 0000000000000001 0000000000000007 0000000000000009 000000fa 04 0000000d 01"
                + " 01 00 00000001 6b 00000001 76 30f5975a"),
        arguments(
            new PeerMessage.Forward(1, 0, PeerMessage.Forward.UNTOLD, 250, new Request.Remove(2)),
            "00000011 05 0000000000000001 000000fa 08 00000002 0811a03f"),
        arguments(
            new PeerMessage.Forward(
                1, 0, PeerMessage.Forward.UNTOLD, 250, new Request.Remove(2, 0x0102030405060708L)),
            "00000019 05 0000000000000001 000000fa 0b 00000002 0102030405060708 fea99fc0"),
        arguments(
            new PeerMessage.ForwardReply(1, Failed.of(ErrorCode.NO_LEADER, "none")),
            "0000001c 06 0000000000000001 0c 07 00000004 6e6f6e65 00 00 "
                + "0000000000000000 02e5ca50"),
        arguments(
            new PeerMessage.StateDigest(9, -1),
            "00000010 07 0000000000000009 ffffffffffffffff 2a9afcdf"),
        arguments(new PeerMessage.KeepAlive(true), "00000001 08 01 9d14ae4f"),
        arguments(
            new PeerMessage.Parting(Handshake.Refusal.OTHER_INCARNATION, "no"),
            "00000007 09 03 00000002 6e6f 5bff3d25"),
        arguments(new PeerMessage.ForwardLost(1), "00000008 0a 0000000000000001 5d08e51f"),
        arguments(
            new PeerMessage.Members(
                5, 2, new Membership(List.of(new Member(3, "n", "h", 7400, 7401, 9, true)))),
            "00000030 0b 0000000000000005 0000000000000002 01 00000001 00000003 00000001 6e "
                + "00000001 68 1ce8 1ce9 0000000000000009 01 fb8fef26"));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void frameBytes(PeerMessage message, String bytes) {
    ByteWriter out = new ByteWriter();
    LinkCodec.encode(message, out);
    assertThat(hex(out)).isEqualTo(bytes.replace(" ", ""));
  }

  @Test
  void datagramBytes() {
    ByteWriter out = new ByteWriter();
    DatagramCodec.encode(
        new Datagram(
            IDENTITY,
            PROCESS,
            7,
            8,
            true,
            new Stamps(9, 10, 11),
            new Message.Heartbeat(5, 4, 3, 1)),
        out);
    String bytes =
        "8e5244 01 1122334455667788 00000003 0102030405060708 5152535455565758 00000007 "
            + "0000000000000008 01 0000000000000009 000000000000000a 0000000b "
            + "05 0000000000000005 0000000000000004 0000000000000003 "
            + "0000000000000001 90617e7f";
    assertThat(hex(out)).isEqualTo(bytes.replace(" ", ""));
  }

  @Test
  void aNewerNodeThatSpeaksOursIsLetIn() throws Exception {
    byte[] bytes = handshake(new Handshake.Hello(IDENTITY, PROCESS, 7, 9));
    bytes[VERSION_AT] = 5;
    assertThat(HandshakeCodec.decode(bytes, 0, bytes.length))
        .isEqualTo(new Handshake.Hello(IDENTITY, PROCESS, 7, 9));
  }

  @Test
  void withAnOlderNodeItsVersionIsSpoken() throws Exception {
    byte[] bytes = handshake(new Handshake.Hello(IDENTITY, PROCESS, 7, 9));
    bytes[VERSION_AT] = 1;
    assertThat(HandshakeCodec.decode(bytes, 0, bytes.length))
        .isEqualTo(new Handshake.Hello(IDENTITY, PROCESS, 7, 9, 1));
  }

  @Test
  void aNodeOfOtherVersionsIsTold() {
    byte[] bytes = handshake(new Handshake.Hello(IDENTITY, PROCESS, 7, 9));
    bytes[VERSION_AT] = 6;
    bytes[OLDEST_AT] = 5;
    assertThatThrownBy(() -> HandshakeCodec.decode(bytes, 0, bytes.length))
        .isInstanceOf(VersionException.class)
        .hasMessage(
            "one node speaks the protocol in versions 5 to 6, the other in 1 to 4: update the older"
                + " program");
    // Whatever length its Hello may have.
    bytes[7] = 0x7f;
    assertThatThrownBy(() -> HandshakeCodec.wanted(bytes, 0, 12))
        .isInstanceOf(VersionException.class);
  }

  @Test
  void theRefusalOfAnotherVersionIsUnderstood() throws Exception {
    Handshake refused = new Handshake.Refused(IDENTITY, Handshake.Refusal.VERSION, "too old");
    byte[] bytes = handshake(refused);
    bytes[VERSION_AT] = 6;
    bytes[OLDEST_AT] = 5;
    assertThat(HandshakeCodec.decode(bytes, 0, bytes.length)).isEqualTo(refused);
  }

  @Test
  void aDatagramOfAnotherVersionIsDropped() {
    ByteWriter out = new ByteWriter();
    DatagramCodec.encode(
        new Datagram(IDENTITY, PROCESS, 7, 8, false, Stamps.NONE, new Message.TimeoutNow(5)), out);
    byte[] bytes = out.toBytes().slice(0, out.size() - 4).toByteArray();
    bytes[3] = 2;
    ByteWriter other = new ByteWriter().raw(bytes, 0, bytes.length);
    other.i32(Frame.checksum(bytes, 0, bytes.length));
    assertThatThrownBy(() -> DatagramCodec.decode(other.array(), 0, other.size()))
        .isInstanceOf(MalformedException.class)
        .hasMessage("a datagram of version 2, this program reads version 1");
  }

  @Test
  void noTextBeginsALink() {
    for (int first = 0; first < 256; first++) {
      boolean begins = HandshakeCodec.beginsLink((byte) first);
      assertThat(begins).isEqualTo(first == 0x8e);
    }
  }

  private static byte[] handshake(Handshake handshake) {
    ByteWriter out = new ByteWriter();
    HandshakeCodec.encode(handshake, out);
    return out.toBytes().toByteArray();
  }

  private static String hex(ByteWriter out) {
    return HexFormat.of().formatHex(out.array(), 0, out.size());
  }
}
