package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

final class LeasesTest {
  private static final Bytes A = Bytes.utf8("a");
  private static final Bytes B = Bytes.utf8("b");
  private static final Bytes VALUE = Bytes.utf8("v");

  private final DStore store = new DStore();

  @Test
  void theKeysOfALeaseEndWithIt() throws Exception {
    assertThat(grant(1)).isEqualTo(new Outcome.LeaseGranted(1, 5_000));
    assertThat(put(2, A, 1)).isEqualTo(new Outcome.Stored(2, 2, 1));
    assertThat(put(3, B, 1)).isEqualTo(new Outcome.Stored(3, 3, 1));
    assertThat(store.leases()).containsExactly(new LeaseItem(1, 5_000, 2));
    assertThat(store.leaseOf(A)).isEqualTo(1);
    assertThat(apply(4, new StoreCommand.LeaseExpire(1)))
        .isEqualTo(new Outcome.LeaseEnded(1, 2, 4));
    assertThat(store.get(A)).isNull();
    assertThat(store.get(B)).isNull();
    assertThat(store.leases()).isEmpty();
    assertThat(store.size()).isZero();
    assertThat(apply(5, new StoreCommand.LeaseExpire(1))).isEqualTo(new Outcome.LeaseMissing(1));
    assertThat(put(6, A, 0)).isEqualTo(new Outcome.Stored(6, 6, 1));
  }

  @Test
  void theLastWriteSaysOnWhichLeaseAKeyHangs() throws Exception {
    grant(1);
    grant(2);
    put(3, A, 1);
    put(4, A, 2);
    assertThat(store.leaseOf(A)).isEqualTo(2);
    assertThat(store.leases())
        .containsExactly(new LeaseItem(1, 5_000, 0), new LeaseItem(2, 5_000, 1));
    assertThat(revoke(5, 1)).isEqualTo(new Outcome.LeaseEnded(1, 0, 5));
    put(6, A, 0);
    assertThat(store.leaseOf(A)).isZero();
    assertThat(revoke(7, 2)).isEqualTo(new Outcome.LeaseEnded(2, 0, 7));
    assertThat(store.get(A)).isEqualTo(new Item(VALUE, 6, 3, 3));
  }

  @Test
  void aDeletedKeyHangsOnNothing() throws Exception {
    grant(1);
    put(2, A, 1);
    apply(3, new StoreCommand.Delete(Origin.NONE, A));
    assertThat(store.leases()).containsExactly(new LeaseItem(1, 5_000, 0));
    put(4, A, 0);
    assertThat(revoke(5, 1)).isEqualTo(new Outcome.LeaseEnded(1, 0, 5));
    assertThat(store.get(A)).isNotNull();
  }

  @Test
  void whatNamesNoLeaseChangesNothing() throws Exception {
    put(1, A, 0);
    assertThat(put(2, A, 7)).isEqualTo(new Outcome.LeaseMissing(7));
    assertThat(apply(3, new StoreCommand.CompareAndSet(Origin.NONE, A, 1, B, 7)))
        .isEqualTo(new Outcome.LeaseMissing(7));
    assertThat(apply(4, new StoreCommand.CompareAndSet(Origin.NONE, A, 9, B, 7)))
        .as("the revision is looked at first")
        .isEqualTo(new Outcome.Mismatch(1));
    List<TxnOp> steps = List.of(new TxnOp.Delete(A), new TxnOp.Put(B, VALUE, 7));
    assertThat(apply(5, new StoreCommand.Txn(Origin.NONE, List.of(), steps, List.of())))
        .isEqualTo(new Outcome.LeaseMissing(7));
    assertThat(store.get(A)).isEqualTo(new Item(VALUE, 1, 1, 1));
    assertThat(revoke(6, 7)).isEqualTo(new Outcome.LeaseMissing(7));
  }

  @Test
  @DisplayName("S-16 a lease takes so many keys, in one transaction or in many")
  void aLeaseIsFull() throws Exception {
    grant(1);
    for (int i = 0; i < StoreLimits.MAX_LEASE_KEYS - 1; i++) {
      put(2 + i, Bytes.utf8("k" + i), 1);
    }
    long index = 5_000;
    List<TxnOp> two = List.of(new TxnOp.Put(A, VALUE, 1), new TxnOp.Put(B, VALUE, 1));
    assertThat(apply(index++, new StoreCommand.Txn(Origin.NONE, List.of(), two, List.of())))
        .isEqualTo(new Outcome.LeaseLimit(1));
    assertThat(store.get(A)).isNull();
    assertThat(put(index++, A, 1)).isInstanceOf(Outcome.Stored.class);
    assertThat(put(index++, A, 1)).as("it hangs there already").isInstanceOf(Outcome.Stored.class);
    assertThat(put(index++, B, 1)).isEqualTo(new Outcome.LeaseLimit(1));
    assertThat(revoke(index, 1))
        .isEqualTo(new Outcome.LeaseEnded(1, StoreLimits.MAX_LEASE_KEYS, index));
  }

  @Test
  @DisplayName("S-16 there are so many leases")
  void thereAreManyLeases() throws Exception {
    for (int i = 1; i <= StoreLimits.MAX_LEASES; i++) {
      grant(i);
    }
    assertThat(grant(20_000)).isEqualTo(new Outcome.LeaseLimit(0));
    revoke(20_001, 7);
    assertThat(grant(20_002)).isEqualTo(new Outcome.LeaseGranted(20_002, 5_000));
  }

  @Test
  @DisplayName("S-15 a GRANT that is sent again gives the same lease, also after its end")
  void aGrantIsDoneOnce() throws Exception {
    Origin origin = new Origin(1, 2, 3, 2, false, 0);
    StoreCommand grant = new StoreCommand.LeaseGrant(origin, 5_000);
    assertThat(apply(1, grant)).isEqualTo(new Outcome.LeaseGranted(1, 5_000));
    assertThat(apply(2, grant)).isEqualTo(new Outcome.LeaseGranted(1, 5_000));
    revoke(3, 1);
    assertThat(apply(4, grant)).isEqualTo(new Outcome.LeaseGranted(1, 5_000));
    assertThat(store.leases()).isEmpty();
  }

  @Test
  @DisplayName("S-14 a frozen table keeps its leases, whatever comes after")
  void aFrozenTableKeepsItsLeases() throws Exception {
    grant(1);
    put(2, A, 1);
    FrozenStore frozen = store.freeze();
    put(3, B, 1);
    put(4, A, 0);
    revoke(5, 1);
    DStore loaded = Images.load(Images.pieces(frozen, 50), SessionBounds.DEFAULT);
    assertThat(loaded.leases()).containsExactly(new LeaseItem(1, 5_000, 1));
    assertThat(loaded.leaseOf(A)).isEqualTo(1);
    assertThat(loaded.stateHash()).isEqualTo(frozen.stateHash());
    assertThat(loaded.apply(6, StoreCodec.encode(new StoreCommand.LeaseExpire(1))))
        .isEqualTo(new Outcome.LeaseEnded(1, 1, 6));
  }

  @Test
  @DisplayName("S-19 leases, their times and their keys are in the state hash")
  void leasesAreHashed() throws Exception {
    List<Long> hashes = new ArrayList<>();
    for (int kind = 0; kind < 4; kind++) {
      DStore other = new DStore();
      other.apply(1, encoded(new StoreCommand.LeaseGrant(Origin.NONE, kind == 1 ? 6_000 : 5_000)));
      other.apply(2, encoded(new StoreCommand.LeaseGrant(Origin.NONE, 5_000)));
      other.apply(3, encoded(new StoreCommand.Put(Origin.NONE, A, VALUE, kind == 2 ? 2 : 1)));
      other.apply(4, encoded(new StoreCommand.LeaseExpire(kind == 3 ? 2 : 7)));
      hashes.add(other.stateHash());
    }
    assertThat(hashes).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("S-17 an image with a lease changed, cut or misplaced at any byte is refused")
  void damagedImagesAreRefused() throws Exception {
    grant(1);
    put(2, A, 1);
    put(3, B, 1);
    grant(4);
    List<Bytes> pieces = Images.pieces(store.freeze(), 1_000);
    int leases = pieces.size() - 2;
    assertThat(pieces.get(leases).at(1)).isEqualTo((byte) ImageFormat.LEASES);
    for (int at = 0; at < pieces.get(leases).length(); at++) {
      byte[] flipped = pieces.get(leases).toByteArray();
      flipped[at] ^= 0x55;
      refused(pieces, leases, Bytes.wrap(flipped));
      refused(pieces, leases, pieces.get(leases).slice(0, at));
    }
  }

  @Test
  @DisplayName("S-17 keys of leases must be in the table, and hang on one lease")
  void keysOfLeasesAreNotBelieved() throws Exception {
    put(1, A, 0);
    grant(2);
    grant(3);
    List<Bytes> pieces = Images.pieces(store.freeze(), 1_000);
    int at = pieces.size() - 2;
    ByteWriter none = new ByteWriter().u8(2).u8(5).i32(at);
    none.i64(2).i64(5_000).i32(1).u16(1).raw(B).i64(3).i64(5_000).i32(0);
    assertThatThrownBy(() -> load(pieces, at, none.toBytes()))
        .hasMessage("a key of a lease that is not in the table");
    ByteWriter two = new ByteWriter().u8(2).u8(5).i32(at);
    two.i64(2).i64(5_000).i32(1).u16(1).raw(A).i64(3).i64(5_000).i32(1).u16(1).raw(A);
    assertThatThrownBy(() -> load(pieces, at, two.toBytes()))
        .hasMessage("a key that hangs on two leases");
    ByteWriter many = new ByteWriter().u8(2).u8(5).i32(at).i64(2).i64(5_000).i32(1 << 30);
    assertThatThrownBy(() -> load(pieces, at, many.toBytes()))
        .isInstanceOf(MalformedException.class);
  }

  private static void refused(List<Bytes> pieces, int at, Bytes piece) {
    assertThatThrownBy(() -> load(pieces, at, piece)).isInstanceOf(MalformedException.class);
  }

  private static DStore load(List<Bytes> pieces, int at, Bytes piece) throws MalformedException {
    List<Bytes> changed = new ArrayList<>(pieces);
    changed.set(at, piece);
    return Images.load(changed, SessionBounds.DEFAULT);
  }

  private Outcome grant(long index) throws Exception {
    return apply(index, new StoreCommand.LeaseGrant(Origin.NONE, 5_000));
  }

  private Outcome put(long index, Bytes key, long lease) throws Exception {
    return apply(index, new StoreCommand.Put(Origin.NONE, key, VALUE, lease));
  }

  private Outcome revoke(long index, long lease) throws Exception {
    return apply(index, new StoreCommand.LeaseRevoke(Origin.NONE, lease));
  }

  private Outcome apply(long index, StoreCommand command) throws Exception {
    return store.apply(index, encoded(command));
  }

  private static Bytes encoded(StoreCommand command) {
    return StoreCodec.encode(command);
  }
}
