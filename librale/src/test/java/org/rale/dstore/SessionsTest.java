package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;

/** S-15: a change is applied once, however often it is sent. */
final class SessionsTest {
  private static final Bytes KEY = Bytes.utf8("k");
  private static final Outcome FORGOTTEN = new Outcome.Forgotten();

  private DStore store = new DStore(new SessionBounds(2, 3, 5));

  @Test
  void S_15_aRepeatedChangeGetsItsFirstOutcome() throws Exception {
    Origin first = origin(1, 1);
    assertThat(put(5, first)).isEqualTo(new Outcome.Stored(5, 5, 1));
    put(6, origin(1, 2));
    assertThat(put(7, first.asRetry())).isEqualTo(new Outcome.Stored(5, 5, 1));
    assertThat(put(8, first)).isEqualTo(new Outcome.Stored(5, 5, 1));
    assertThat(version()).isEqualTo(2);
    assertThat(store.appliedIndex()).isEqualTo(8);
  }

  @Test
  void S_15_mismatchesAndDeletesAreRememberedToo() throws Exception {
    StoreCommand cas = new StoreCommand.CompareAndSet(origin(1, 1), KEY, 9, KEY);
    assertThat(apply(1, cas)).isEqualTo(new Outcome.Mismatch(0));
    put(9, Origin.NONE);
    assertThat(apply(10, cas)).isEqualTo(new Outcome.Mismatch(0));
    StoreCommand delete = new StoreCommand.Delete(origin(1, 2), KEY);
    assertThat(apply(11, delete)).isEqualTo(new Outcome.Deleted(1, 11));
    assertThat(apply(12, delete)).isEqualTo(new Outcome.Deleted(1, 11));
  }

  @Test
  void S_15_theSameSequenceOfAnotherClientIsAnotherChange() throws Exception {
    put(1, origin(1, 1));
    put(2, origin(2, 1));
    put(3, new Origin(2, 1, 1, 0, false, 0));
    assertThat(version()).isEqualTo(3);
  }

  @Test
  void changesWithoutAnOriginAreNotProtected() throws Exception {
    put(1, Origin.NONE);
    put(2, Origin.NONE.asRetry());
    assertThat(version()).isEqualTo(2);
    assertThat(store.sessions().size()).isZero();
  }

  @Test
  void S_15_whatTheClientAcknowledgedIsForgottenAndNotAppliedAgain() throws Exception {
    put(1, origin(1, 1));
    put(2, origin(1, 2));
    put(3, new Origin(0, 1, 3, 2, false, 0));
    assertThat(put(4, origin(1, 1).asRetry())).isEqualTo(FORGOTTEN);
    assertThat(put(5, origin(1, 2))).isEqualTo(FORGOTTEN);
    assertThat(put(6, origin(1, 3))).isEqualTo(new Outcome.Stored(3, 1, 3));
    assertThat(version()).isEqualTo(3);
  }

  @Test
  void S_15_beyondTheWindowTheLowestSequenceIsForgottenAndNotAppliedAgain() throws Exception {
    for (int sequence = 1; sequence <= 4; sequence++) {
      put(sequence, origin(1, sequence));
    }
    assertThat(put(5, origin(1, 1).asRetry())).isEqualTo(FORGOTTEN);
    assertThat(put(6, origin(1, 2).asRetry())).isEqualTo(new Outcome.Stored(2, 1, 2));
    assertThat(version()).isEqualTo(4);
  }

  @Test
  void S_15_aLateSequenceInsideTheWindowIsApplied() throws Exception {
    put(1, origin(1, 5));
    put(2, origin(1, 3));
    put(3, origin(1, 4).asRetry());
    assertThat(version()).isEqualTo(3);
    assertThat(put(4, origin(1, 3))).isEqualTo(new Outcome.Stored(2, 1, 2));
  }

  @Test
  void S_15_theClientThatWasQuietLongestIsForgotten() throws Exception {
    put(1, origin(1, 1));
    put(2, origin(2, 1));
    put(3, origin(1, 1)); // only repeated, but heard of
    put(4, origin(3, 1));
    assertThat(put(5, origin(2, 1).asRetry())).isEqualTo(FORGOTTEN);
    assertThat(put(6, origin(1, 1).asRetry())).isEqualTo(new Outcome.Stored(1, 1, 1));
    assertThat(store.sessions().forgottenThrough()).isEqualTo(2);
  }

  @Test
  void S_15_anUnknownClientsRetryIsAppliedOnlyIfItCannotBeWhatWasForgotten() throws Exception {
    forgetAClientLastUsedAt(3);
    long before = store.sessions().digest();
    assertThat(put(10, retry(9, 1, 2))).isEqualTo(FORGOTTEN);
    assertThat(put(11, retry(9, 1, 0))).isEqualTo(FORGOTTEN);
    assertThat(store.sessions().digest()).isEqualTo(before);
    assertThat(version()).isEqualTo(3);
    assertThat(put(12, retry(9, 1, 3))).isEqualTo(new Outcome.Stored(12, 3, 4));
  }

  @Test
  void S_15_anUnknownClientsFirstSendingIsApplied() throws Exception {
    forgetAClientLastUsedAt(3);
    assertThat(put(10, origin(9, 1))).isEqualTo(new Outcome.Stored(10, 3, 4));
  }

  @Test
  void S_15_whileNobodyIsForgottenAnyRetryIsApplied() throws Exception {
    assertThat(put(1, retry(1, 1, 0))).isEqualTo(new Outcome.Stored(1, 1, 1));
  }

  /** A new change makes the client known again; its old ones are no safer for that. */
  @Test
  void S_15_aForgottenClientThatComesBackDoesNotGetItsOldChangesAppliedAgain() throws Exception {
    put(3, origin(1, 1));
    put(4, origin(2, 1));
    put(5, origin(3, 1)); // forgets client 1
    put(6, origin(1, 2)); // which comes back
    assertThat(put(7, retry(1, 1, 1))).isEqualTo(FORGOTTEN);
    assertThat(put(8, retry(1, 3, 3))).isEqualTo(new Outcome.Stored(8, 3, 5));
    reload();
    assertThat(put(9, retry(1, 1, 1))).isEqualTo(FORGOTTEN);
  }

  @Test
  void S_16_outcomesOfAllClientsTogetherAreBounded() throws Exception {
    for (int i = 1; i <= 3; i++) {
      put(i, origin(1, i));
    }
    put(4, origin(2, 1));
    put(5, origin(2, 2));
    assertThat(store.sessions().size()).isEqualTo(2);
    put(6, origin(2, 3)); // a sixth outcome
    assertThat(store.sessions().size()).isEqualTo(1);
    assertThat(store.sessions().forgottenThrough()).isEqualTo(3);
    assertThat(put(7, origin(2, 1))).isEqualTo(new Outcome.Stored(4, 1, 4));
  }

  @Test
  void S_14_aLoadedStoreRemembersTheSame() throws Exception {
    put(1, origin(1, 1));
    put(2, origin(2, 7));
    reload();
    assertThat(put(3, origin(1, 1).asRetry())).isEqualTo(new Outcome.Stored(1, 1, 1));
    assertThat(put(4, origin(2, 7).asRetry())).isEqualTo(new Outcome.Stored(2, 1, 2));
    assertThat(version()).isEqualTo(2);
  }

  private void forgetAClientLastUsedAt(long index) throws Exception {
    put(index, origin(1, 1));
    put(index + 1, origin(2, 1));
    put(index + 2, origin(3, 1));
    assertThat(store.sessions().forgottenThrough()).isEqualTo(index);
  }

  private void reload() throws Exception {
    List<Bytes> pieces = Images.pieces(store.freeze(), 1);
    store = Images.load(pieces, new SessionBounds(2, 3, 5));
  }

  private Outcome put(long index, Origin origin) throws Exception {
    return apply(index, new StoreCommand.Put(origin, KEY, KEY));
  }

  private Outcome apply(long index, StoreCommand command) throws Exception {
    return store.apply(index, StoreCodec.encode(command));
  }

  private long version() {
    return store.get(KEY).version();
  }

  private static Origin origin(long client, long sequence) {
    return new Origin(0, client, sequence, 0, false, 0);
  }

  private static Origin retry(long client, long sequence, long since) {
    return new Origin(0, client, sequence, 0, true, since);
  }
}
