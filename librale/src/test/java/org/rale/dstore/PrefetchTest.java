package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;

final class PrefetchTest {
  private static final Bytes VALUE = Bytes.wrap(new byte[32]);
  private static final Origin ORIGIN = new Origin(-1, 2, 3, 1, true, 4);

  private final RowHeap rows = new RowHeap();
  private final HashIndex index = new HashIndex(rows);
  private final Prefetch prefetch = new Prefetch(index, rows);

  private Row insert(Bytes key) {
    byte[] name = key.toByteArray();
    Row row = new Row(name, SipHash.of(name), VALUE.shared(), 1, 1, 1);
    index.insert(SipHash.of(name), rows.add(row));
    return row;
  }

  private long found(List<StoreCommand> commands) {
    long before = prefetch.digests();
    prefetch.of(commands.stream().map(StoreCodec::encode).toList());
    return prefetch.digests() - before;
  }

  @Test
  void findsTheRowOfEachCommandThatHasAKeyInEachOfItsEncodings() {
    List<StoreCommand> commands = new ArrayList<>();
    long digests = 0;
    for (Origin origin : List.of(Origin.NONE, ORIGIN)) {
      for (long lease : new long[] {0, 7}) {
        Bytes put = Bytes.utf8("put" + commands.size());
        commands.add(new StoreCommand.Put(origin, put, VALUE, lease));
        Bytes cas = Bytes.utf8("a longer key, cas" + commands.size());
        commands.add(new StoreCommand.CompareAndSet(origin, cas, 5, VALUE, lease));
        Bytes delete = Bytes.utf8("d" + commands.size());
        commands.add(new StoreCommand.Delete(origin, delete));
        for (Bytes key : List.of(put, cas, delete)) {
          digests += insert(key).digest();
        }
      }
    }
    assertThat(found(commands)).isEqualTo(digests);
  }

  @Test
  void passesOverCommandsWithoutAKey() {
    List<StoreCommand> commands = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      commands.add(new StoreCommand.LeaseGrant(ORIGIN, 1_000L * i));
      commands.add(new StoreCommand.LeaseRevoke(ORIGIN, i));
      commands.add(new StoreCommand.LeaseExpire(i));
    }
    long digest = insert(Bytes.utf8("k")).digest();
    commands.add(new StoreCommand.Delete(Origin.NONE, Bytes.utf8("k")));
    assertThat(found(commands)).isEqualTo(digest);
  }

  @Test
  void looksAtNoMoreThanAGroup() {
    List<StoreCommand> commands = new ArrayList<>();
    long digests = 0;
    for (int i = 0; i < 3 * Prefetch.GROUP; i++) {
      Bytes key = Bytes.utf8("key" + i);
      long digest = insert(key).digest();
      digests += i < Prefetch.GROUP ? digest : 0;
      commands.add(new StoreCommand.Put(Origin.NONE, key, VALUE));
    }
    assertThat(found(commands)).isEqualTo(digests);
  }

  /** A store throws at what is no command when it is applied; before that, it may be anything. */
  @Test
  void takesGarbage() {
    insert(Bytes.utf8("k"));
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      List<Bytes> commands = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        byte[] command = new byte[random.nextInt(70)];
        random.nextBytes(command);
        if (command.length > 2 && random.nextBoolean()) {
          command[1] = (byte) (1 + random.nextInt(3));
          command[2] = (byte) random.nextInt(2);
        }
        commands.add(Bytes.wrap(command));
        int at = StoreCodec.keyAt(command);
        assertThat(at).isGreaterThanOrEqualTo(-1);
        if (at >= 0) {
          assertThat(StoreCodec.keyLength(command, at)).isBetween(1, command.length - at);
        }
      }
      prefetch.of(commands);
    }
  }
}
