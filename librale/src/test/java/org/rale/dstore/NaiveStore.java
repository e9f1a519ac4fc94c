package org.rale.dstore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/** What a {@link DStore} must do, said as simply as possible: the model of the tests. */
public final class NaiveStore {
  static final class Client {
    final TreeMap<Long, Outcome> window = new TreeMap<>();
    long forgottenBefore;
    long lastUsed;
    long floor;
  }

  final TreeMap<Bytes, Item> items = new TreeMap<>();
  final Map<ClientId, Client> clients = new HashMap<>();
  private final SessionBounds bounds;
  long appliedIndex;
  long forgottenThrough;

  /** With the bounds of a real one. */
  public NaiveStore() {
    this(SessionBounds.DEFAULT);
  }

  NaiveStore(SessionBounds bounds) {
    this.bounds = bounds;
  }

  public @Nullable Item get(Bytes key) {
    return items.get(key);
  }

  public Outcome apply(long index, StoreCommand command) {
    appliedIndex = index;
    Origin origin = command.origin();
    if (!origin.isPresent()) {
      return change(index, command);
    }
    ClientId id = ClientId.of(origin);
    Client client = clients.get(id);
    if (client == null) {
      if (origin.retry() && forgottenThrough > origin.since()) {
        return new Outcome.Forgotten();
      }
      client = new Client();
      client.forgottenBefore = forgottenThrough;
      clients.put(id, client);
    }
    client.lastUsed = index;
    Outcome outcome = client.window.get(origin.sequence());
    if (outcome == null) {
      if (origin.sequence() <= client.floor
          || (origin.retry() && client.forgottenBefore > origin.since())) {
        outcome = new Outcome.Forgotten();
      } else {
        outcome = change(index, command);
        client.window.put(origin.sequence(), outcome);
        if (client.window.size() > bounds.sessionOutcomes()) {
          client.floor = Math.max(client.floor, client.window.pollFirstEntry().getKey());
        }
      }
    }
    client.floor = Math.max(client.floor, origin.acknowledged());
    client.window.headMap(origin.acknowledged(), true).clear();
    forget();
    return outcome;
  }

  List<Bytes> keys(Bytes prefix, int limit) {
    List<Bytes> found = new ArrayList<>();
    for (Bytes key : items.keySet()) {
      if (key.startsWith(prefix) && found.size() < limit) {
        found.add(key);
      }
    }
    return found;
  }

  private void forget() {
    while (clients.size() > bounds.sessions()
        || clients.values().stream().mapToInt(c -> c.window.size()).sum() > bounds.outcomes()) {
      Map.Entry<ClientId, Client> quietest =
          clients.entrySet().stream()
              .min(Comparator.comparingLong(entry -> entry.getValue().lastUsed))
              .orElseThrow();
      forgottenThrough = Math.max(forgottenThrough, quietest.getValue().lastUsed);
      clients.remove(quietest.getKey());
    }
  }

  private Outcome change(long index, StoreCommand command) {
    Item old = items.get(command.key());
    if (command instanceof StoreCommand.Delete) {
      items.remove(command.key());
      return new Outcome.Deleted(old == null ? 0 : 1, index);
    }
    Bytes value;
    if (command instanceof StoreCommand.CompareAndSet cas) {
      long revision = old == null ? 0 : old.revision();
      if (revision != cas.expected()) {
        return new Outcome.Mismatch(revision);
      }
      value = cas.value();
    } else {
      value = ((StoreCommand.Put) command).value();
    }
    long created = old == null ? index : old.createdRevision();
    long version = old == null ? 1 : old.version() + 1;
    items.put(command.key(), new Item(value, index, created, version));
    return new Outcome.Stored(index, created, version);
  }
}
