package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

final class StoreCodecTest {
  private static final Bytes KEY = Bytes.utf8("key");
  private static final Bytes VALUE = Bytes.utf8("value");
  private static final Origin ORIGIN = new Origin(-5, Long.MIN_VALUE, 17, 12, true, Long.MAX_VALUE);

  private static final StoreCommand TXN =
      new StoreCommand.Txn(
          ORIGIN,
          List.of(
              Compare.number(KEY, Compare.Target.REVISION, Compare.Relation.LESS, 9),
              Compare.number(KEY, Compare.Target.EXISTS, Compare.Relation.EQUAL, 1),
              Compare.value(KEY, Compare.Relation.NOT_EQUAL, VALUE)),
          List.of(new TxnOp.Put(KEY, VALUE, 0), new TxnOp.Put(VALUE, KEY, 17), new TxnOp.Get(KEY)),
          List.of(new TxnOp.Delete(KEY)));

  /** Those that are short enough to be damaged at every byte. */
  private static final int SHORT_COMMANDS = 13;

  private static final List<StoreCommand> COMMANDS =
      List.of(
          new StoreCommand.Put(Origin.NONE, KEY, VALUE),
          new StoreCommand.Put(ORIGIN, KEY, Bytes.EMPTY),
          new StoreCommand.CompareAndSet(ORIGIN, KEY, 0, VALUE),
          new StoreCommand.CompareAndSet(Origin.NONE, KEY, Long.MAX_VALUE, VALUE),
          new StoreCommand.Delete(ORIGIN, KEY),
          new StoreCommand.Delete(new Origin(0, 1, 1, 0, false, 0), KEY),
          new StoreCommand.Put(ORIGIN, KEY, VALUE, 7),
          new StoreCommand.CompareAndSet(ORIGIN, KEY, 3, VALUE, Long.MAX_VALUE),
          new StoreCommand.LeaseGrant(ORIGIN, StoreLimits.MAX_LEASE_TTL_MS),
          new StoreCommand.LeaseRevoke(Origin.NONE, 7),
          new StoreCommand.LeaseExpire(8),
          TXN,
          new StoreCommand.Txn(Origin.NONE, List.of(), List.of(), List.of()),
          new StoreCommand.Put(
              ORIGIN,
              Bytes.wrap(new byte[StoreLimits.MAX_KEY_BYTES]),
              Bytes.wrap(new byte[StoreLimits.MAX_VALUE_BYTES])));

  private static final List<Outcome> OUTCOMES =
      List.of(
          new Outcome.Stored(Long.MAX_VALUE, 3, 2),
          new Outcome.Deleted(0, 9),
          new Outcome.Deleted(1, 9),
          new Outcome.Mismatch(0),
          new Outcome.Mismatch(77),
          new Outcome.Forgotten(),
          new Outcome.Txn(
              true,
              9,
              List.of(
                  new TxnResult.Stored(3, 2),
                  new TxnResult.Deleted(1),
                  TxnResult.Got.MISSING,
                  new TxnResult.Got(5, 4, 2, null))),
          new Outcome.Txn(false, 9, List.of()),
          new Outcome.LeaseGranted(9, 1_000),
          new Outcome.LeaseEnded(7, 3, 9),
          new Outcome.LeaseMissing(7),
          new Outcome.LeaseLimit(0));

  @Test
  void commandsComeBack() throws Exception {
    for (StoreCommand command : COMMANDS) {
      assertThat(StoreCodec.decode(StoreCodec.encode(command))).isEqualTo(command);
    }
  }

  @Test
  void outcomesComeBack() throws Exception {
    for (Outcome outcome : OUTCOMES) {
      Bytes encoded = OutcomeCodec.encode(outcome);
      assertThat(OutcomeCodec.decode(encoded)).isEqualTo(outcome);
      assertThat(OutcomeCodec.bytes(outcome)).isEqualTo(encoded.length() - 1);
    }
  }

  /** What is in logs must be readable for ever: this is format 1, byte by byte. */
  @Test
  void theFormatStaysAsItIs() {
    assertThat(hex(StoreCodec.encode(new StoreCommand.Put(Origin.NONE, KEY, VALUE))))
        .isEqualTo("01" + "01" + "00" + "000000036b6579" + "0000000576616c7565");
    Origin origin = new Origin(1, 2, 3, 2, true, 4);
    String client = "01" + long16(1) + long16(2) + long16(3) + long16(2) + "01" + long16(4);
    assertThat(hex(StoreCodec.encode(new StoreCommand.CompareAndSet(origin, KEY, 9, VALUE))))
        .isEqualTo("01" + "02" + client + "000000036b6579" + long16(9) + "0000000576616c7565");
    assertThat(hex(StoreCodec.encode(new StoreCommand.Delete(origin, KEY))))
        .isEqualTo("01" + "03" + client + "000000036b6579");
    assertThat(hex(OutcomeCodec.encode(new Outcome.Stored(5, 4, 2))))
        .isEqualTo("01" + "01" + long16(5) + long16(4) + long16(2));
    assertThat(hex(OutcomeCodec.encode(new Outcome.Deleted(1, 5))))
        .isEqualTo("01" + "02" + "01" + long16(5));
    assertThat(hex(OutcomeCodec.encode(new Outcome.Mismatch(5)))).isEqualTo("0103" + long16(5));
    assertThat(hex(OutcomeCodec.encode(new Outcome.Forgotten()))).isEqualTo("0104");
  }

  /** This is what format 2 adds. */
  @Test
  void theSecondFormatStaysAsItIs() {
    assertThat(hex(StoreCodec.encode(new StoreCommand.Put(Origin.NONE, KEY, VALUE, 7))))
        .isEqualTo("02" + "01" + "00" + "000000036b6579" + long16(7) + "0000000576616c7565");
    assertThat(
            hex(StoreCodec.encode(new StoreCommand.CompareAndSet(Origin.NONE, KEY, 9, VALUE, 7))))
        .isEqualTo(
            "02" + "02" + "00" + "000000036b6579" + long16(9) + long16(7) + "0000000576616c7565");
    assertThat(hex(StoreCodec.encode(((StoreCommand.Txn) TXN).withOrigin(Origin.NONE))))
        .isEqualTo(
            "02"
                + "04"
                + "00"
                + "03"
                + ("00" + "02" + "000000036b6579" + long16(9))
                + ("04" + "00" + "000000036b6579" + long16(1))
                + ("03" + "01" + "000000036b6579" + "0000000576616c7565")
                + "03"
                + ("01" + "000000036b6579" + long16(0) + "0000000576616c7565")
                + ("01" + "0000000576616c7565" + long16(17) + "000000036b6579")
                + ("03" + "000000036b6579")
                + "01"
                + ("02" + "000000036b6579"));
    assertThat(hex(StoreCodec.encode(new StoreCommand.LeaseGrant(Origin.NONE, 1_000))))
        .isEqualTo("02" + "05" + "00" + long16(1_000));
    assertThat(hex(StoreCodec.encode(new StoreCommand.LeaseRevoke(Origin.NONE, 7))))
        .isEqualTo("02" + "06" + "00" + long16(7));
    assertThat(hex(StoreCodec.encode(new StoreCommand.LeaseExpire(7))))
        .isEqualTo("02" + "07" + "00" + long16(7));
    assertThat(hex(OutcomeCodec.encode(OUTCOMES.get(6))))
        .isEqualTo(
            "02"
                + "05"
                + "01"
                + long16(9)
                + "04"
                + ("01" + long16(3) + long16(2))
                + ("02" + "01")
                + ("03" + long16(0) + long16(0) + long16(0))
                + ("03" + long16(5) + long16(4) + long16(2)));
    assertThat(hex(OutcomeCodec.encode(new Outcome.LeaseGranted(9, 1_000))))
        .isEqualTo("02" + "06" + long16(9) + long16(1_000));
    assertThat(hex(OutcomeCodec.encode(new Outcome.LeaseEnded(7, 3, 9))))
        .isEqualTo("02" + "07" + long16(7) + "00000003" + long16(9));
    assertThat(hex(OutcomeCodec.encode(new Outcome.LeaseMissing(7)))).isEqualTo("0208" + long16(7));
    assertThat(hex(OutcomeCodec.encode(new Outcome.LeaseLimit(0)))).isEqualTo("0209" + long16(0));
  }

  @Test
  @DisplayName("S-17 a command cut anywhere, or with a byte too many, is refused")
  void everyTruncationIsRefused() {
    for (StoreCommand command : COMMANDS.subList(0, SHORT_COMMANDS)) {
      Bytes encoded = StoreCodec.encode(command);
      for (int length = 0; length < encoded.length(); length++) {
        Bytes cut = encoded.slice(0, length);
        assertThatThrownBy(() -> StoreCodec.decode(cut)).isInstanceOf(MalformedException.class);
      }
      Bytes longer = encoded.slice(0, encoded.length() + 1); // which appends a zero
      assertThatThrownBy(() -> StoreCodec.decode(longer)).isInstanceOf(MalformedException.class);
    }
    for (Outcome outcome : OUTCOMES) {
      Bytes encoded = OutcomeCodec.encode(outcome);
      for (int length = 0; length <= encoded.length() + 1; length++) {
        if (length != encoded.length()) {
          Bytes cut = encoded.slice(0, length);
          assertThatThrownBy(() -> OutcomeCodec.decode(cut)).isInstanceOf(MalformedException.class);
        }
      }
    }
  }

  @Test
  @DisplayName("S-17 flipped bytes are refused, or are another command that encodes to them")
  void flippedBytesAreRefusedOrMeanSomethingElse() {
    for (StoreCommand command : COMMANDS.subList(0, SHORT_COMMANDS)) {
      byte[] encoded = StoreCodec.encode(command).toByteArray();
      for (int i = 0; i < encoded.length; i++) {
        for (int flip = 1; flip < 256; flip++) {
          byte[] flipped = encoded.clone();
          flipped[i] ^= (byte) flip;
          refusedOrCanonical(Bytes.wrap(flipped));
        }
      }
    }
  }

  @Test
  @DisplayName("S-17 garbage is refused")
  void garbageIsRefused() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      byte[] garbage = new byte[random.nextInt(80)];
      random.nextBytes(garbage);
      if (garbage.length > 2) {
        garbage[0] = (byte) (1 + random.nextInt(2));
        garbage[1] = (byte) random.nextInt(9);
        garbage[2] = (byte) random.nextInt(3);
      }
      refusedOrCanonical(Bytes.wrap(garbage));
    }
  }

  @Test
  void aNewerFormatIsRefusedWithWordsThatSaySo() {
    byte[] command = StoreCodec.encode(COMMANDS.get(0)).toByteArray();
    command[0] = 3;
    assertThatThrownBy(() -> StoreCodec.decode(Bytes.wrap(command)))
        .isInstanceOf(MalformedException.class)
        .hasMessage(
            "a command in format 3, newer than format 2 of this program:"
                + " update the program on this node");
    byte[] outcome = OutcomeCodec.encode(OUTCOMES.get(0)).toByteArray();
    outcome[0] = (byte) 200;
    assertThatThrownBy(() -> OutcomeCodec.decode(Bytes.wrap(outcome)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("an outcome in format 200, newer than format 2");
  }

  @Test
  void whatIsOutOfBoundsIsNotEncoded() {
    refuses(new StoreCommand.Delete(Origin.NONE, Bytes.EMPTY), "a key of 0 bytes");
    refuses(
        new StoreCommand.Delete(Origin.NONE, Bytes.wrap(new byte[StoreLimits.MAX_KEY_BYTES + 1])),
        "a key of 1025 bytes");
    refuses(
        new StoreCommand.Put(
            Origin.NONE, KEY, Bytes.wrap(new byte[StoreLimits.MAX_VALUE_BYTES + 1])),
        "a value of 1048577 bytes");
    refuses(new StoreCommand.CompareAndSet(Origin.NONE, KEY, -1, VALUE), "expected revision");
    refuses(new StoreCommand.Delete(new Origin(1, 1, 0, 0, false, 0), KEY), "sequence of 0");
    refuses(new StoreCommand.Delete(new Origin(1, 1, -1, 0, false, 0), KEY), "negative sequence");
    refuses(new StoreCommand.Delete(new Origin(1, 1, 1, -1, false, 0), KEY), "acknowledged");
    refuses(new StoreCommand.Delete(new Origin(1, 1, 1, 0, false, -1), KEY), "negative index");
  }

  private static void refuses(StoreCommand command, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreCodec.encode(command))
        .withMessageContaining(message);
  }

  private static void refusedOrCanonical(Bytes bytes) {
    StoreCommand command;
    try {
      command = StoreCodec.decode(bytes);
    } catch (MalformedException expected) {
      return;
    }
    assertThat(StoreCodec.encode(command)).isEqualTo(bytes);
  }

  private static String long16(long number) {
    return String.format("%016x", number);
  }

  private static String hex(Bytes bytes) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < bytes.length(); i++) {
      hex.append(String.format("%02x", bytes.at(i)));
    }
    return hex.toString();
  }
}
