package org.rale.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;
import org.rale.request.Limits;

final class EntryCodecTest {
  private static final Member FIRST =
      new Member(1, "eins", "10.0.0.1", 7400, 7401, 0x1122334455667788L, true);
  private static final Member LAST =
      new Member(Limits.MAX_NODE_ID, "größer", "::1", 0, 65_535, -1, false);
  private static final Membership TWO = new Membership(List.of(FIRST, LAST));

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(1, 1, new Payload.Empty()),
          new Entry(Long.MAX_VALUE, Long.MAX_VALUE, new Payload.Command(Bytes.EMPTY)),
          new Entry(7, 3, new Payload.Command(Bytes.utf8("anything"))),
          new Entry(8, 3, new Payload.Members(Membership.NONE)),
          new Entry(9, 4, new Payload.Members(TWO)));

  private interface Reading<T> {
    T from(ByteReader in) throws MalformedException;
  }

  @Test
  void entriesFollowEachOtherWithoutASeparator() throws MalformedException {
    ByteWriter out = new ByteWriter();
    ENTRIES.forEach(entry -> EntryCodec.writeEntry(out, entry));
    ByteReader in = new ByteReader(out.toBytes());
    List<Entry> read = new ArrayList<>();
    for (int i = 0; i < ENTRIES.size(); i++) {
      read.add(EntryCodec.readEntry(in));
    }
    in.finish();
    assertThat(read).isEqualTo(ENTRIES);
  }

  @Test
  void termAndVoteComeBack() throws MalformedException {
    for (HardState state :
        List.of(HardState.INITIAL, new HardState(Long.MAX_VALUE, Limits.MAX_NODE_ID))) {
      ByteWriter out = new ByteWriter();
      EntryCodec.writeHardState(out, state);
      assertThat(whole(out.toBytes(), EntryCodec::readHardState)).isEqualTo(state);
    }
  }

  @Test
  void snapshotMetaComesBack() throws MalformedException {
    for (SnapshotMeta meta : List.of(SnapshotMeta.NONE, new SnapshotMeta(5, 2, TWO))) {
      ByteWriter out = new ByteWriter();
      EntryCodec.writeSnapshotMeta(out, meta);
      assertThat(whole(out.toBytes(), EntryCodec::readSnapshotMeta)).isEqualTo(meta);
    }
  }

  /** Version 1 for ever: what one release wrote, the next must read. */
  @Test
  void theBytesAreWhatTheyWere() {
    ByteWriter out = new ByteWriter();
    EntryCodec.writeEntry(out, new Entry(2, 1, new Payload.Command(Bytes.utf8("ab"))));
    EntryCodec.writeHardState(out, new HardState(3, 4));
    EntryCodec.writeSnapshotMeta(out, new SnapshotMeta(5, 6, new Membership(List.of(FIRST))));
    assertThat(hex(out.toBytes()))
        .isEqualTo(
            "01"
                + "0000000000000002"
                + "0000000000000001"
                + "01"
                + "00000002"
                + "6162"
                + "01"
                + "0000000000000003"
                + "00000004"
                + "01"
                + "0000000000000005"
                + "0000000000000006"
                + "01"
                + "00000001"
                + "00000001"
                + "00000004"
                + "65696e73"
                + "00000008"
                + "31302e302e302e31"
                + "1ce8"
                + "1ce9"
                + "1122334455667788"
                + "01");
  }

  @Test
  @DisplayName("S-17 every cut is refused, and never taken for something shorter")
  void everyCutIsRefused() {
    for (Entry entry : ENTRIES) {
      Bytes bytes = encoded(entry);
      for (int length = 0; length < bytes.length(); length++) {
        Bytes cut = bytes.slice(0, length);
        assertThatThrownBy(() -> whole(cut, EntryCodec::readEntry))
            .as("%s cut to %d bytes", entry, length)
            .isInstanceOf(MalformedException.class);
      }
    }
  }

  @Test
  @DisplayName("S-17 garbage ends in MalformedException or in an entry, nothing else")
  void garbageIsRefused() {
    Random random = new Random(17);
    byte[] good = encoded(ENTRIES.get(4)).toByteArray();
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        Entry entry = whole(Bytes.wrap(bytes), EntryCodec::readEntry);
        assertThat(encoded(entry)).as("one value, one encoding").isEqualTo(Bytes.wrap(bytes));
      } catch (MalformedException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 19_000);
  }

  @Test
  void refusesMembersOutOfOrder() {
    ByteWriter out = new ByteWriter();
    EntryCodec.writeMembership(out, new Membership(List.of(FIRST)));
    byte[] one = out.toBytes().toByteArray();
    byte[] twice = new byte[one.length + one.length - 5];
    System.arraycopy(one, 0, twice, 0, one.length);
    System.arraycopy(one, 5, twice, one.length, one.length - 5);
    twice[4] = 2;
    assertThatThrownBy(() -> whole(Bytes.wrap(twice), EntryCodec::readMembership))
        .isInstanceOf(MalformedException.class)
        .hasMessage("member 1 behind member 1");
  }

  @Test
  void refusesANewerVersion() {
    byte[] bytes = encoded(ENTRIES.get(0)).toByteArray();
    bytes[0] = 2;
    assertThatThrownBy(() -> whole(Bytes.wrap(bytes), EntryCodec::readEntry))
        .hasMessage("a log entry of version 2, this program reads version 1");
  }

  @Test
  void refusesAPayloadOfAnotherKind() {
    byte[] bytes = encoded(ENTRIES.get(0)).toByteArray();
    bytes[17] = 3;
    assertThatThrownBy(() -> whole(Bytes.wrap(bytes), EntryCodec::readEntry))
        .hasMessage("a log entry of unknown kind 3");
  }

  @Test
  @DisplayName("S-16 the largest entries fit their bound, larger ones are not written")
  void boundsHold() throws MalformedException {
    Entry command = command(EntryCodec.MAX_COMMAND_BYTES);
    Membership full =
        new Membership(
            IntStream.rangeClosed(1, Membership.MAX_MEMBERS)
                .mapToObj(
                    id ->
                        new Member(
                            id,
                            "€".repeat(Limits.MAX_NAME_CHARS),
                            "€".repeat(Limits.MAX_HOST_CHARS),
                            1,
                            2,
                            3,
                            true))
                .toList());
    for (Entry entry : List.of(command, new Entry(1, 1, new Payload.Members(full)))) {
      Bytes bytes = encoded(entry);
      assertThat(bytes.length()).isLessThanOrEqualTo(EntryCodec.MAX_ENTRY_BYTES);
      assertThat(whole(bytes, EntryCodec::readEntry)).isEqualTo(entry);
    }
    assertThatThrownBy(() -> encoded(command(EntryCodec.MAX_COMMAND_BYTES + 1)))
        .isInstanceOf(IllegalArgumentException.class);
    Member noPort = new Member(1, "a", "b", 65_536, 1, 1, true);
    assertThatThrownBy(
            () -> EntryCodec.writeMembership(new ByteWriter(), new Membership(List.of(noPort))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rale port 65536");
  }

  private static Entry command(int bytes) {
    return new Entry(1, 1, new Payload.Command(Bytes.wrap(new byte[bytes])));
  }

  private static Bytes encoded(Entry entry) {
    ByteWriter out = new ByteWriter();
    EntryCodec.writeEntry(out, entry);
    return out.toBytes();
  }

  private static <T> T whole(Bytes bytes, Reading<T> reading) throws MalformedException {
    ByteReader in = new ByteReader(bytes);
    T value = reading.from(in);
    in.finish();
    return value;
  }

  private static String hex(Bytes bytes) {
    return java.util.HexFormat.of().formatHex(bytes.toByteArray());
  }
}
