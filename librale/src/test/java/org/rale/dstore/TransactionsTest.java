package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Compare.Relation;
import org.rale.dstore.Compare.Target;

final class TransactionsTest {
  private static final Bytes A = Bytes.utf8("a");
  private static final Bytes B = Bytes.utf8("b");
  private static final Bytes C = Bytes.utf8("c");
  private static final Bytes ONE = Bytes.utf8("1");
  private static final Bytes TWO = Bytes.utf8("2");

  private DStore store = new DStore();

  @Test
  void theListThatTheConditionsChooseIsDoneAndTheOtherIsNot() throws Exception {
    apply(1, put(A, ONE));
    List<Compare> holds = List.of(Compare.number(A, Target.REVISION, Relation.EQUAL, 1));
    List<Compare> fails = List.of(Compare.number(A, Target.REVISION, Relation.EQUAL, 2));
    List<TxnOp> then = List.of(new TxnOp.Put(B, ONE, 0));
    List<TxnOp> otherwise = List.of(new TxnOp.Put(C, ONE, 0));
    assertThat(apply(2, txn(fails, then, otherwise)))
        .isEqualTo(new Outcome.Txn(false, 2, List.of(new TxnResult.Stored(2, 1))));
    assertThat(store.get(B)).isNull();
    assertThat(apply(3, txn(holds, then, otherwise)))
        .isEqualTo(new Outcome.Txn(true, 3, List.of(new TxnResult.Stored(3, 1))));
    assertThat(store.get(C)).isEqualTo(new Item(ONE, 2, 2, 1));
    assertThat(store.get(B)).isEqualTo(new Item(ONE, 3, 3, 1));
  }

  @Test
  void allConditionsMustHoldAndNoneHoldsOfNothing() throws Exception {
    apply(1, put(A, ONE));
    Compare yes = Compare.value(A, Relation.EQUAL, ONE);
    Compare no = Compare.value(A, Relation.NOT_EQUAL, ONE);
    assertThat(succeeds(List.of())).isTrue();
    assertThat(succeeds(List.of(yes, yes))).isTrue();
    assertThat(succeeds(List.of(yes, no))).isFalse();
  }

  @Test
  void eachThingIsComparedAsItSays() throws Exception {
    apply(1, put(A, ONE));
    apply(4, put(A, TWO)); // revision 4, created 1, version 2
    for (Target target : List.of(Target.REVISION, Target.CREATED_REVISION, Target.VERSION)) {
      long is = target == Target.REVISION ? 4 : target == Target.CREATED_REVISION ? 1 : 2;
      for (long number : new long[] {is - 1, is, is + 1}) {
        assertThat(holds(A, target, Relation.EQUAL, number)).isEqualTo(is == number);
        assertThat(holds(A, target, Relation.NOT_EQUAL, number)).isEqualTo(is != number);
        assertThat(holds(A, target, Relation.LESS, number)).isEqualTo(is < number);
        assertThat(holds(A, target, Relation.GREATER, number)).isEqualTo(is > number);
      }
      assertThat(holds(B, target, Relation.EQUAL, 0)).as("of no key").isTrue();
      assertThat(holds(B, target, Relation.GREATER, 0)).isFalse();
    }
    assertThat(holds(A, Target.EXISTS, Relation.EQUAL, 1)).isTrue();
    assertThat(holds(A, Target.EXISTS, Relation.NOT_EQUAL, 1)).isFalse();
    assertThat(holds(B, Target.EXISTS, Relation.EQUAL, 0)).isTrue();
    assertThat(succeeds(List.of(Compare.value(A, Relation.EQUAL, TWO)))).isTrue();
    assertThat(succeeds(List.of(Compare.value(A, Relation.NOT_EQUAL, TWO)))).isFalse();
    assertThat(succeeds(List.of(Compare.value(B, Relation.EQUAL, Bytes.EMPTY))))
        .as("no value is that of no key")
        .isFalse();
    assertThat(succeeds(List.of(Compare.value(B, Relation.NOT_EQUAL, Bytes.EMPTY)))).isTrue();
    assertThatIllegalArgumentException().isThrownBy(() -> Compare.value(A, Relation.LESS, ONE));
  }

  @Test
  void aGetSeesWhatStandsBeforeItInItsList() throws Exception {
    apply(1, put(A, ONE));
    List<TxnOp> steps =
        List.of(
            new TxnOp.Get(A),
            new TxnOp.Put(A, TWO, 0),
            new TxnOp.Get(A),
            new TxnOp.Put(B, ONE, 0),
            new TxnOp.Get(B),
            new TxnOp.Delete(C),
            new TxnOp.Get(C));
    assertThat(apply(2, txn(List.of(), steps, List.of())))
        .isEqualTo(
            new Outcome.Txn(
                true,
                2,
                List.of(
                    new TxnResult.Got(1, 1, 1, ONE),
                    new TxnResult.Stored(1, 2),
                    new TxnResult.Got(2, 1, 2, TWO),
                    new TxnResult.Stored(2, 1),
                    new TxnResult.Got(2, 2, 1, ONE),
                    new TxnResult.Deleted(0),
                    new TxnResult.Got(0, 0, 0, null))));
  }

  @Test
  @DisplayName("S-15 a retry gets the first outcome, with the values that still stand")
  void aRetryIsNotDoneAgain() throws Exception {
    apply(1, put(A, ONE));
    apply(2, put(B, ONE));
    Origin origin = new Origin(1, 2, 3, 2, false, 0);
    StoreCommand.Txn txn =
        new StoreCommand.Txn(
            origin,
            List.of(Compare.number(C, Target.EXISTS, Relation.EQUAL, 0)),
            List.of(new TxnOp.Put(C, ONE, 0), new TxnOp.Get(A), new TxnOp.Get(B)),
            List.of());
    Outcome first = apply(3, txn);
    apply(4, put(B, TWO));
    long hash = new DStore().stateHash();
    assertThat(apply(5, txn.withOrigin(origin.asRetry())))
        .isEqualTo(
            new Outcome.Txn(
                true,
                3,
                List.of(
                    new TxnResult.Stored(3, 1),
                    new TxnResult.Got(1, 1, 1, ONE),
                    new TxnResult.Got(2, 2, 1, null))));
    assertThat(((Outcome.Txn) first).results().get(2)).isEqualTo(new TxnResult.Got(2, 2, 1, ONE));
    assertThat(store.get(C)).isEqualTo(new Item(ONE, 3, 3, 1));
    assertThat(hash).isNotEqualTo(store.stateHash());
  }

  @Test
  @DisplayName("S-15 that the conditions failed is remembered, too: a late copy changes nothing")
  void aFailedTransactionIsRemembered() throws Exception {
    Origin origin = new Origin(1, 2, 3, 2, false, 0);
    StoreCommand.Txn txn =
        new StoreCommand.Txn(
            origin,
            List.of(Compare.number(A, Target.EXISTS, Relation.EQUAL, 1)),
            List.of(new TxnOp.Put(B, ONE, 0)),
            List.of());
    assertThat(apply(1, txn)).isEqualTo(new Outcome.Txn(false, 1, List.of()));
    apply(2, put(A, ONE));
    assertThat(apply(3, txn)).isEqualTo(new Outcome.Txn(false, 1, List.of()));
    assertThat(store.get(B)).isNull();
  }

  @Test
  @DisplayName("S-16 values beyond the bound are left out")
  void longReadsAreCut() throws Exception {
    Bytes half = Bytes.wrap(new byte[StoreLimits.MAX_TXN_READ_BYTES / 2]);
    apply(1, put(A, half));
    apply(2, put(B, half));
    apply(3, put(C, ONE));
    List<TxnOp> steps = List.of(new TxnOp.Get(A), new TxnOp.Get(C), new TxnOp.Get(B));
    Outcome.Txn read = store.read(txn(List.of(), steps, List.of()));
    assertThat(read.results())
        .containsExactly(
            new TxnResult.Got(1, 1, 1, half),
            new TxnResult.Got(3, 3, 1, ONE),
            new TxnResult.Got(2, 2, 1, null));
  }

  @Test
  void oneThatChangesNothingIsRead() throws Exception {
    apply(7, put(A, ONE));
    assertThat(store.read(txn(List.of(), List.of(new TxnOp.Get(A)), List.of())))
        .isEqualTo(new Outcome.Txn(true, 7, List.of(new TxnResult.Got(7, 7, 1, ONE))));
    assertThat(store.appliedIndex()).isEqualTo(7);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.read(txn(List.of(), List.of(), List.of(new TxnOp.Delete(A)))));
  }

  @Test
  @DisplayName("S-16 what is too much, or says two things of a key, is no transaction")
  void faults() {
    List<TxnOp> many = new ArrayList<>();
    for (int i = 0; i <= StoreLimits.MAX_TXN_PARTS; i++) {
      many.add(new TxnOp.Get(A));
    }
    assertThat(txn(List.of(), many.subList(1, many.size()), List.of()).fault()).isNull();
    assertThat(txn(List.of(), many, List.of()).fault())
        .isEqualTo("129 steps in a list, more than 128");
    List<TxnOp> twice = List.of(new TxnOp.Put(A, ONE, 0), new TxnOp.Delete(A));
    assertThat(txn(List.of(), List.of(), twice).fault()).isEqualTo("key a changed twice in a list");
    List<TxnOp> apart = List.of(new TxnOp.Put(A, ONE, 0));
    assertThat(txn(List.of(), apart, apart).fault()).isNull();
    Bytes half = Bytes.wrap(new byte[StoreLimits.MAX_TXN_BYTES / 2]);
    List<TxnOp> wide = List.of(new TxnOp.Put(A, half, 0), new TxnOp.Put(B, half, 0));
    assertThat(txn(List.of(), wide, List.of()).fault())
        .isEqualTo("1049650 bytes, more than 1049600");
  }

  @Test
  @DisplayName("S-16 the longest transaction fits into a command")
  void theLongestFits() {
    List<Compare> compares = new ArrayList<>();
    List<TxnOp> then = new ArrayList<>();
    List<TxnOp> otherwise = new ArrayList<>();
    for (int i = 0; i < StoreLimits.MAX_TXN_PARTS; i++) {
      compares.add(Compare.value(A, Relation.EQUAL, ONE));
      then.add(new TxnOp.Put(Bytes.utf8("k" + i), ONE, Long.MAX_VALUE));
      otherwise.add(new TxnOp.Put(Bytes.utf8("k" + i), ONE, Long.MAX_VALUE));
    }
    Origin origin = new Origin(1, 2, 3, 2, true, Long.MAX_VALUE);
    long used = new StoreCommand.Txn(origin, compares, then, otherwise).payloadBytes();
    Bytes rest = Bytes.wrap(new byte[(int) (StoreLimits.MAX_TXN_BYTES - used) + 1]);
    then.set(0, new TxnOp.Put(Bytes.utf8("k0"), rest, 7));
    StoreCommand.Txn longest = new StoreCommand.Txn(origin, compares, then, otherwise);
    assertThat(longest.payloadBytes()).isEqualTo(StoreLimits.MAX_TXN_BYTES);
    assertThat(longest.fault()).isNull();
    assertThat(StoreCodec.encode(longest).length())
        .isLessThanOrEqualTo(StoreLimits.MAX_COMMAND_BYTES);
  }

  @Test
  @DisplayName("S-20 a store is of format 1 until it meets a command of format 2")
  void theFormatRises() throws Exception {
    apply(1, put(A, ONE));
    assertThat(store.format()).isEqualTo(1);
    assertThat(Images.pieces(store.freeze(), 100)).allMatch(piece -> piece.at(0) == 1);
    apply(2, txn(List.of(), List.of(new TxnOp.Delete(A)), List.of()));
    assertThat(store.format()).isEqualTo(2);
    assertThat(Images.pieces(store.freeze(), 100)).allMatch(piece -> piece.at(0) == 2);
    store = Images.load(Images.pieces(store.freeze(), 100), SessionBounds.DEFAULT);
    assertThat(store.format()).isEqualTo(2);
  }

  private boolean holds(Bytes key, Target target, Relation relation, long number) {
    return succeeds(List.of(Compare.number(key, target, relation, number)));
  }

  private boolean succeeds(List<Compare> compares) {
    return store.read(txn(compares, List.of(), List.of())).succeeded();
  }

  private static StoreCommand.Txn txn(
      List<Compare> compares, List<TxnOp> then, List<TxnOp> otherwise) {
    return new StoreCommand.Txn(Origin.NONE, compares, then, otherwise);
  }

  private static StoreCommand put(Bytes key, Bytes value) {
    return new StoreCommand.Put(Origin.NONE, key, value);
  }

  private Outcome apply(long index, StoreCommand command) throws Exception {
    return store.apply(index, StoreCodec.encode(command));
  }
}
