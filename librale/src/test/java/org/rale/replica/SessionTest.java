package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.DStore;
import org.rale.dstore.Origin;
import org.rale.dstore.Outcome;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.StoreLimits;
import org.rale.dstore.TxnOp;

/** The node as a client of the table: nothing that is open is forgotten there. */
final class SessionTest {
  private static final int WINDOW = StoreLimits.MAX_SESSION_OUTCOMES;
  private static final Bytes KEY = Bytes.utf8("key");
  private static final StoreCommand PUT =
      new StoreCommand.Put(Origin.NONE, KEY, Bytes.utf8("value"));

  private final Random random = new Random(7);
  private final Session session = new Session(random);
  private final DStore store = new DStore();

  private Origin next() {
    return session.next(PUT, store.appliedIndex());
  }

  private Outcome apply(StoreCommand command, Origin origin) throws Exception {
    return store.apply(store.appliedIndex() + 1, StoreCodec.encode(command.withOrigin(origin)));
  }

  private static Set<Long> ids(List<Origin> origins) {
    Set<Long> ids = new HashSet<>();
    origins.forEach(origin -> ids.add(origin.clientHigh()));
    return ids;
  }

  @Test
  void one_id_is_enough_where_nothing_falls_behind() {
    Deque<Origin> open = new ArrayDeque<>();
    List<Origin> all = new ArrayList<>();
    for (int i = 0; i < 3 * WINDOW; i++) {
      if (open.size() == WINDOW) {
        session.close(open.remove());
      }
      Origin origin = next();
      all.add(origin);
      open.add(origin);
    }
    assertThat(ids(all)).hasSize(1);
    assertThat(all.get(all.size() - 1).acknowledged()).isEqualTo(open.getFirst().sequence() - 1);
  }

  @Test
  @DisplayName("S-15 a change that many have overtaken is made, and not called forgotten")
  void S_15_an_open_change_is_never_forgotten() throws Exception {
    Deque<Origin> behind = new ArrayDeque<>();
    List<Origin> all = new ArrayList<>();
    for (int i = 0; i < 10 * WINDOW; i++) {
      Origin origin = next();
      all.add(origin);
      if (i % (WINDOW + 7) == 17) {
        behind.add(origin);
      } else {
        assertThat(apply(PUT, origin)).isInstanceOf(Outcome.Stored.class);
        session.close(origin);
      }
      if (behind.size() > 4) {
        late(behind.remove());
      }
    }
    while (!behind.isEmpty()) {
      late(behind.remove());
    }
    assertThat(ids(all)).hasSizeBetween(2, 6);
  }

  private void late(Origin origin) throws Exception {
    assertThat(apply(PUT, random.nextBoolean() ? origin : origin.asRetry()))
        .isInstanceOf(Outcome.Stored.class);
    assertThat(apply(PUT, origin.asRetry()))
        .as("a second attempt is told what came of the first")
        .isInstanceOf(Outcome.Stored.class);
    session.close(origin);
  }

  @Test
  @DisplayName("S-15 the outcomes of transactions count for more, here as in the table")
  void S_15_long_outcomes() throws Exception {
    List<TxnOp> steps = new ArrayList<>();
    for (int i = 0; i < StoreLimits.MAX_TXN_PARTS; i++) {
      steps.add(new TxnOp.Get(KEY));
    }
    StoreCommand txn = new StoreCommand.Txn(Origin.NONE, List.of(), steps, List.of());
    apply(PUT, Origin.NONE);
    Origin behind = session.next(txn, store.appliedIndex());
    List<Origin> all = new ArrayList<>(List.of(behind));
    for (int i = 0; i < WINDOW / 10; i++) {
      Origin origin = session.next(txn, store.appliedIndex());
      all.add(origin);
      assertThat(apply(txn, origin)).isInstanceOf(Outcome.Txn.class);
      session.close(origin);
    }
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(apply(txn, behind.asRetry())).isInstanceOf(Outcome.Txn.class);
    }
    assertThat(ids(all)).hasSizeGreaterThan(1);
  }
}
