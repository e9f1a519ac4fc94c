package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

final class DStoreTest {
  private static final Bytes KEY = Bytes.utf8("k");
  private static final Bytes VALUE = Bytes.utf8("v");

  private final DStore store = new DStore();

  @Test
  void versionsCountFromTheCreationOfTheKey() throws Exception {
    assertThat(put(3)).isEqualTo(new Outcome.Stored(3, 3, 1));
    assertThat(put(5)).isEqualTo(new Outcome.Stored(5, 3, 2));
    assertThat(store.get(KEY)).isEqualTo(new Item(VALUE, 5, 3, 2));
    assertThat(delete(6)).isEqualTo(new Outcome.Deleted(1, 6));
    assertThat(delete(7)).isEqualTo(new Outcome.Deleted(0, 7));
    assertThat(store.get(KEY)).isNull();
    assertThat(put(8)).isEqualTo(new Outcome.Stored(8, 8, 1));
  }

  @Test
  void compareAndSetGoesByTheRevision() throws Exception {
    assertThat(cas(1, 1)).isEqualTo(new Outcome.Mismatch(0));
    assertThat(store.get(KEY)).isNull();
    assertThat(cas(2, 0)).isEqualTo(new Outcome.Stored(2, 2, 1));
    assertThat(cas(3, 0)).isEqualTo(new Outcome.Mismatch(2));
    assertThat(cas(4, 2)).isEqualTo(new Outcome.Stored(4, 2, 2));
    assertThat(cas(5, 2)).isEqualTo(new Outcome.Mismatch(4));
  }

  @Test
  @DisplayName("S-19 an index is applied once, and in order")
  void anIndexIsAppliedOnceAndInOrder() throws Exception {
    put(5);
    assertThatIllegalStateException().isThrownBy(() -> put(5));
    assertThatIllegalStateException().isThrownBy(() -> put(4));
    assertThatIllegalStateException().isThrownBy(() -> store.skip(5));
    assertThatIllegalStateException().isThrownBy(() -> new DStore().skip(0));
    store.skip(6);
    assertThat(store.appliedIndex()).isEqualTo(6);
  }

  @Test
  @DisplayName("S-14 a command that can't be read changes nothing")
  void aMalformedCommandChangesNothing() throws Exception {
    put(1);
    long hash = store.stateHash();
    assertThatThrownBy(() -> store.apply(2, Bytes.utf8("?")))
        .isInstanceOf(MalformedException.class);
    assertThat(store.stateHash()).isEqualTo(hash);
    assertThat(store.appliedIndex()).isEqualTo(1);
  }

  @Test
  void theHashTellsStatesApart() throws Exception {
    long empty = store.stateHash();
    store.skip(1);
    long skipped = store.stateHash();
    put(2);
    long put = store.stateHash();
    put(3);
    long again = store.stateHash();
    assertThat(new long[] {empty, skipped, put, again}).doesNotHaveDuplicates();
  }

  @Test
  void keysTakeALimit() throws Exception {
    put(1);
    assertThat(store.keys(Bytes.EMPTY, 0)).isEmpty();
    assertThat(store.keys(Bytes.EMPTY, 1)).containsExactly(KEY);
    assertThat(store.keys(Bytes.utf8("kk"), 1)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> store.keys(Bytes.EMPTY, -1));
  }

  private Outcome put(long index) throws MalformedException {
    return apply(index, new StoreCommand.Put(Origin.NONE, KEY, VALUE));
  }

  private Outcome cas(long index, long expected) throws MalformedException {
    return apply(index, new StoreCommand.CompareAndSet(Origin.NONE, KEY, expected, VALUE));
  }

  private Outcome delete(long index) throws MalformedException {
    return apply(index, new StoreCommand.Delete(Origin.NONE, KEY));
  }

  private Outcome apply(long index, StoreCommand command) throws MalformedException {
    return store.apply(index, StoreCodec.encode(command));
  }
}
