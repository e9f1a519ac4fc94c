package org.rale.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.Item;
import org.rale.dstore.KeyChange;
import org.rale.dstore.NaiveStore;
import org.rale.dstore.Origin;
import org.rale.dstore.Outcome;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.Payload;

/** What the table must be at each index, by a plain model that is given what was committed. */
final class Reference {
  private record Change(long high, long low, long sequence) {}

  private final Coverage coverage;
  private final KeptLeases leases;
  private final NaiveStore model = new NaiveStore();
  private final Map<Bytes, TreeMap<Long, Item>> versions = new HashMap<>();
  private final Map<Long, Outcome> outcomes = new HashMap<>();
  private final Map<Change, Long> applied = new HashMap<>();

  /** Where a value was put first, and by its client's first attempt. */
  private final Map<Bytes, Long> puts = new HashMap<>();

  /** An item that is none: the key was deleted. */
  private static final Item GONE = new Item(Bytes.EMPTY, 0, 0, 0);

  Reference(Coverage coverage, KeptLeases leases) {
    this.coverage = coverage;
    this.leases = leases;
  }

  /** The next entry that was applied anywhere. */
  void apply(Entry entry) {
    if (!(entry.payload() instanceof Payload.Command bytes)) {
      return;
    }
    StoreCommand command = decode(bytes.bytes());
    Origin origin = command.origin();
    if (origin.isPresent()
        && applied.putIfAbsent(
                new Change(origin.clientHigh(), origin.clientLow(), origin.sequence()),
                entry.index())
            != null) {
      coverage.saw(Seen.APPLIED_ONCE);
    }
    if (command instanceof StoreCommand.Put put) {
      puts.putIfAbsent(put.value(), entry.index());
    }
    Outcome outcome = model.apply(entry.index(), command);
    outcomes.put(entry.index(), outcome);
    leases.applied(command, outcome);
    for (Bytes key : model.changed()) {
      Item item = model.get(key);
      versions
          .computeIfAbsent(key, each -> new TreeMap<>())
          .put(entry.index(), item == null ? GONE : item);
    }
  }

  private static StoreCommand decode(Bytes bytes) {
    try {
      return StoreCodec.decode(bytes);
    } catch (MalformedException e) {
      throw new SimFailure("an applied entry is no command", e);
    }
  }

  /** What the key was when everything up to the index was applied; null: it did not exist. */
  @Nullable Item at(Bytes key, long index) {
    TreeMap<Long, Item> all = versions.get(key);
    Map.Entry<Long, Item> entry = all == null ? null : all.floorEntry(index);
    return entry == null || entry.getValue().revision() == GONE.revision()
        ? null
        : entry.getValue();
  }

  /**
   * The first index from one to another at which the key was as of that revision, 0: missing; -1:
   * it was so at none of them.
   */
  long firstBetween(Bytes key, long revision, long from, long to) {
    Item first = at(key, from);
    if (from > to) {
      return -1;
    }
    if ((first == null ? 0 : first.revision()) == revision) {
      return from;
    }
    return versions
        .getOrDefault(key, new TreeMap<>())
        .subMap(from, false, to, true)
        .entrySet()
        .stream()
        .filter(version -> version.getValue().revision() == revision)
        .mapToLong(Map.Entry::getKey)
        .findFirst()
        .orElse(-1);
  }

  /** Where this change of a client was applied; 0: nowhere. */
  long indexOf(long high, long low, long sequence) {
    return applied.getOrDefault(new Change(high, low, sequence), 0L);
  }

  /** Where this value, which is put by one change alone, was put; 0: nowhere. */
  long indexOf(Bytes value) {
    return puts.getOrDefault(value, 0L);
  }

  /** What changed after one index and up to another, of keys with the prefix. */
  List<KeyChange> changes(Bytes prefix, long after, long upTo) {
    List<KeyChange> changes = new ArrayList<>();
    versions.forEach(
        (key, all) -> {
          if (key.startsWith(prefix)) {
            all.subMap(after, false, Math.max(after, upTo), true)
                .forEach((index, item) -> add(changes, key, index, item));
          }
        });
    return changes;
  }

  /** To delete what is not there is no change. */
  private void add(List<KeyChange> changes, Bytes key, long index, Item item) {
    boolean gone = item.equals(GONE);
    if (!gone || at(key, index - 1) != null) {
      changes.add(new KeyChange(key, index, gone ? null : item));
    }
  }

  /** The keys with the prefix when everything up to the index was applied. */
  Map<Bytes, Item> itemsAt(Bytes prefix, long index) {
    Map<Bytes, Item> items = new HashMap<>();
    for (Bytes key : versions.keySet()) {
      Item item = key.startsWith(prefix) ? at(key, index) : null;
      if (item != null) {
        items.put(key, item);
      }
    }
    return items;
  }

  /** The leases that there are when everything is applied. */
  List<Long> leases() {
    return model.leases();
  }

  /** What became of the command at the index; null where none stands there. */
  @Nullable Outcome outcome(long index) {
    return outcomes.get(index);
  }
}
