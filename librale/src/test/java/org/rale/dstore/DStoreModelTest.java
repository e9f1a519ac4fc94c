package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rale.bytes.Bytes;

/** Long random histories, the store beside {@link NaiveStore}. */
final class DStoreModelTest {
  private static final int SEEDS = 25;
  private static final int STEPS = 4_000;

  @DisplayName("S-15 S-20 a store does what the model does")
  @ParameterizedTest(name = "{0} keys")
  @ValueSource(ints = {20, 700, 20_000})
  void followsTheModel(int keys) throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      run(new Random(seed), keys, /* all= */ false);
    }
  }

  @DisplayName("S-15 S-20 so it does with transactions and leases")
  @ParameterizedTest(name = "{0} keys")
  @ValueSource(ints = {20, 700})
  void followsTheModelInAll(int keys) throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      run(new Random(seed), keys, /* all= */ true);
    }
  }

  private static void run(Random random, int keys, boolean all) throws Exception {
    SessionBounds bounds =
        new SessionBounds(2 + random.nextInt(12), 2 + random.nextInt(20), 25 + random.nextInt(60));
    NaiveStore model = new NaiveStore(bounds);
    DStore store = new DStore(bounds);
    RandomCommands commands = new RandomCommands(random, keys, 16, all);
    List<Frozen> frozen = new ArrayList<>();
    List<KeyChange> changes = new ArrayList<>();
    long index = 0;
    for (int step = 0; step < STEPS; step++) {
      index += 1 + (random.nextInt(6) == 0 ? random.nextInt(3) : 0);
      if (random.nextInt(30) == 0) {
        store.skip(index);
        model.appliedIndex = index;
        continue;
      }
      StoreCommand command = commands.next(index, model);
      assertThat(store.apply(index, StoreCodec.encode(command)))
          .as("step %s, %s", step, command)
          .isEqualTo(model.apply(index, command));
      for (Bytes key : model.changed()) {
        assertThat(store.get(key)).isEqualTo(model.items.get(key));
        assertThat(store.leaseOf(key)).isEqualTo(model.leaseOf.getOrDefault(key, 0L));
        changes.add(new KeyChange(key, index, model.items.get(key)));
      }
      if (random.nextInt(400) == 0) {
        compare(store, model, commands, random);
        compare(store, changes, commands.key(), index - random.nextInt(500));
        frozen.add(new Frozen(store.freeze(), new TreeMap<>(model.items), store.stateHash()));
      }
      if (random.nextInt(1_000) == 0) {
        store = reload(store, bounds);
      }
    }
    compare(store, model, commands, random);
    for (Frozen image : frozen) {
      image.check(bounds);
    }
  }

  private static void compare(
      DStore store, NaiveStore model, RandomCommands commands, Random random) {
    assertThat(store.appliedIndex()).isEqualTo(model.appliedIndex);
    assertThat(store.size()).isEqualTo(model.items.size());
    model.items.forEach((key, item) -> assertThat(store.get(key)).isEqualTo(item));
    assertThat(store.keys(Bytes.EMPTY, Integer.MAX_VALUE))
        .containsExactlyElementsOf(model.items.keySet());
    for (int i = 0; i < 20; i++) {
      Bytes key = commands.key();
      Bytes prefix = key.slice(0, random.nextInt(key.length() + 1));
      int limit = random.nextInt(30);
      assertThat(store.keys(prefix, limit)).isEqualTo(model.keys(prefix, limit));
    }
    assertThat(store.leases())
        .isEqualTo(
            model.leases.entrySet().stream()
                .map(
                    lease ->
                        new LeaseItem(
                            lease.getKey(), lease.getValue(), model.keysOf(lease.getKey()).size()))
                .toList());
    assertThat(store.liveBytes()).isEqualTo(liveBytes(model));
    assertThat(store.sessions().size()).isEqualTo(model.clients.size());
    assertThat(store.sessions().forgottenThrough()).isEqualTo(model.forgottenThrough);
  }

  /** Those of one revision in any order. */
  private static void compare(DStore store, List<KeyChange> all, Bytes key, long revision) {
    long from = Math.max(revision, store.historyFloor());
    assertThat(store.changes(key, from, Long.MAX_VALUE, Integer.MAX_VALUE).list())
        .isEqualTo(
            all.stream()
                .filter(change -> change.revision() > from && change.key().startsWith(key))
                .sorted(Comparator.comparingLong(KeyChange::revision))
                .toList());
    Changes every = store.changes(Bytes.EMPTY, from, Long.MAX_VALUE, Integer.MAX_VALUE);
    assertThat(every.list())
        .containsExactlyInAnyOrderElementsOf(
            all.stream().filter(change -> change.revision() > from).toList());
    assertThat(every.list()).isSortedAccordingTo(Comparator.comparingLong(KeyChange::revision));
  }

  private static long liveBytes(NaiveStore model) {
    long bytes = 0;
    for (var entry : model.items.entrySet()) {
      bytes += entry.getKey().length() + entry.getValue().value().length() + 30;
    }
    for (long lease : model.leases()) {
      bytes += 20 + model.keysOf(lease).stream().mapToInt(key -> 2 + key.length()).sum();
    }
    for (NaiveStore.Client client : model.clients.values()) {
      bytes += 44;
      for (Outcome outcome : client.window.values()) {
        bytes += 8 + OutcomeCodec.encode(outcome).length() - 1; // its version is not in an image
      }
    }
    return bytes;
  }

  private static DStore reload(DStore store, SessionBounds bounds) throws Exception {
    DStore loaded = Images.load(Images.pieces(store.freeze(), 500), bounds);
    assertThat(loaded.stateHash()).isEqualTo(store.stateHash());
    assertThat(loaded.liveBytes()).isEqualTo(store.liveBytes());
    assertThat(Images.pieces(loaded.freeze(), 500)).isEqualTo(Images.pieces(store.freeze(), 500));
    return loaded;
  }

  private record Frozen(FrozenStore image, TreeMap<Bytes, Item> items, long stateHash) {
    void check(SessionBounds bounds) throws Exception {
      DStore loaded = Images.load(Images.pieces(image, 3_000), bounds);
      assertThat(loaded.appliedIndex()).isEqualTo(image.index());
      assertThat(loaded.stateHash()).isEqualTo(stateHash).isEqualTo(image.stateHash());
      assertThat(loaded.size()).isEqualTo(items.size()).isEqualTo(image.size());
      assertThat(loaded.keys(Bytes.EMPTY, Integer.MAX_VALUE))
          .containsExactlyElementsOf(items.keySet());
      items.forEach((key, item) -> assertThat(loaded.get(key)).isEqualTo(item));
    }
  }
}
