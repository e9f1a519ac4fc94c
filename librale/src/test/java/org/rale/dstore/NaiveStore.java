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
  final TreeMap<Long, Long> leases = new TreeMap<>();
  final Map<Bytes, Long> leaseOf = new HashMap<>();
  private final List<Bytes> changed = new ArrayList<>();
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

  /** The keys that the last command put or took out. */
  public List<Bytes> changed() {
    return List.copyOf(changed);
  }

  /** The ids of all leases. */
  public List<Long> leases() {
    return List.copyOf(leases.keySet());
  }

  public @Nullable Item get(Bytes key) {
    return items.get(key);
  }

  public Outcome apply(long index, StoreCommand command) {
    appliedIndex = index;
    changed.clear();
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
        while (units(client) > bounds.sessionOutcomes() && client.window.size() > 1) {
          client.floor = Math.max(client.floor, client.window.pollFirstEntry().getKey());
        }
      }
    } else {
      outcome = recalled(outcome, command);
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
    while (clients.size() > 1
        && (clients.size() > bounds.sessions()
            || clients.values().stream().mapToInt(NaiveStore::units).sum() > bounds.outcomes())) {
      Map.Entry<ClientId, Client> quietest =
          clients.entrySet().stream()
              .min(Comparator.comparingLong(entry -> entry.getValue().lastUsed))
              .orElseThrow();
      forgottenThrough = Math.max(forgottenThrough, quietest.getValue().lastUsed);
      clients.remove(quietest.getKey());
    }
  }

  private Outcome change(long index, StoreCommand command) {
    changed.clear();
    if (command instanceof StoreCommand.OfKey ofKey) {
      return changeKey(index, ofKey);
    }
    if (command instanceof StoreCommand.Txn txn) {
      return transact(index, txn);
    }
    if (command instanceof StoreCommand.LeaseGrant grant) {
      if (leases.size() >= StoreLimits.MAX_LEASES) {
        return new Outcome.LeaseLimit(0);
      }
      leases.put(index, grant.ttlMs());
      return new Outcome.LeaseGranted(index, grant.ttlMs());
    }
    long lease =
        command instanceof StoreCommand.LeaseRevoke revoke
            ? revoke.lease()
            : ((StoreCommand.LeaseExpire) command).lease();
    if (leases.remove(lease) == null) {
      return new Outcome.LeaseMissing(lease);
    }
    List<Bytes> gone = keysOf(lease);
    gone.forEach(this::remove);
    return new Outcome.LeaseEnded(lease, gone.size(), index);
  }

  List<Bytes> keysOf(long lease) {
    return items.keySet().stream().filter(key -> leaseOf.getOrDefault(key, 0L) == lease).toList();
  }

  private Outcome changeKey(long index, StoreCommand.OfKey command) {
    Item old = items.get(command.key());
    if (command instanceof StoreCommand.Delete) {
      remove(command.key());
      return new Outcome.Deleted(old == null ? 0 : 1, index);
    }
    long lease = command instanceof StoreCommand.Put put ? put.lease() : 0;
    if (command instanceof StoreCommand.CompareAndSet cas) {
      lease = cas.lease();
      long revision = old == null ? 0 : old.revision();
      if (revision != cas.expected()) {
        return new Outcome.Mismatch(revision);
      }
    }
    Outcome refusal = refusal(lease, List.of(command.key()));
    if (refusal != null) {
      return refusal;
    }
    Item item = put(index, command.key(), command.value(), lease);
    return new Outcome.Stored(index, item.createdRevision(), item.version());
  }

  private @Nullable Outcome refusal(long lease, List<Bytes> keys) {
    if (lease == 0) {
      return null;
    }
    if (!leases.containsKey(lease)) {
      return new Outcome.LeaseMissing(lease);
    }
    long more = keys.stream().filter(key -> leaseOf.getOrDefault(key, 0L) != lease).count();
    return keysOf(lease).size() + more > StoreLimits.MAX_LEASE_KEYS
        ? new Outcome.LeaseLimit(lease)
        : null;
  }

  private Item put(long index, Bytes key, Bytes value, long lease) {
    Item old = items.get(key);
    Item item =
        old == null
            ? new Item(value, index, index, 1)
            : new Item(value, index, old.createdRevision(), old.version() + 1);
    items.put(key, item);
    leaseOf.remove(key);
    if (lease != 0) {
      leaseOf.put(key, lease);
    }
    changed.add(key);
    return item;
  }

  private void remove(Bytes key) {
    if (items.remove(key) != null) {
      changed.add(key);
    }
    leaseOf.remove(key);
  }

  private Outcome transact(long index, StoreCommand.Txn txn) {
    boolean succeeded = true;
    for (Compare compare : txn.compares()) {
      succeeded &= holds(compare);
    }
    List<TxnOp> steps = succeeded ? txn.then() : txn.otherwise();
    for (TxnOp step : steps) {
      if (step instanceof TxnOp.Put put) {
        List<Bytes> together =
            steps.stream()
                .filter(other -> other instanceof TxnOp.Put it && it.lease() == put.lease())
                .map(TxnOp::key)
                .toList();
        Outcome refusal = refusal(put.lease(), together);
        if (refusal != null) {
          return refusal;
        }
      }
    }
    List<TxnResult> results = new ArrayList<>();
    for (TxnOp step : steps) {
      if (step instanceof TxnOp.Put put) {
        Item item = put(index, put.key(), put.value(), put.lease());
        results.add(new TxnResult.Stored(item.createdRevision(), item.version()));
      } else if (step instanceof TxnOp.Delete delete) {
        boolean there = items.containsKey(delete.key());
        remove(delete.key());
        results.add(new TxnResult.Deleted(there ? 1 : 0));
      } else {
        Item item = items.get(step.key());
        results.add(
            item == null
                ? new TxnResult.Got(0, 0, 0, null)
                : new TxnResult.Got(
                    item.revision(),
                    item.createdRevision(),
                    item.version(),
                    read(results) + item.value().length() <= StoreLimits.MAX_TXN_READ_BYTES
                        ? item.value()
                        : null));
      }
    }
    return new Outcome.Txn(succeeded, index, results);
  }

  private static long read(List<TxnResult> results) {
    long bytes = 0;
    for (TxnResult result : results) {
      if (result instanceof TxnResult.Got got && got.value() != null) {
        bytes += got.value().length();
      }
    }
    return bytes;
  }

  private boolean holds(Compare compare) {
    Item item = items.get(compare.key());
    return switch (compare.target()) {
      case REVISION -> holds(compare, item == null ? 0 : item.revision());
      case CREATED_REVISION -> holds(compare, item == null ? 0 : item.createdRevision());
      case VERSION -> holds(compare, item == null ? 0 : item.version());
      case EXISTS -> holds(compare, item == null ? 0 : 1);
      case VALUE ->
          (item != null && item.value().equals(compare.value()))
              == (compare.relation() == Compare.Relation.EQUAL);
    };
  }

  private static boolean holds(Compare compare, long number) {
    return switch (compare.relation()) {
      case EQUAL -> number == compare.number();
      case NOT_EQUAL -> number != compare.number();
      case LESS -> number < compare.number();
      case GREATER -> number > compare.number();
    };
  }

  /** What a retry of a transaction is told: values that the keys still have. */
  private Outcome recalled(Outcome first, StoreCommand command) {
    if (!(first instanceof Outcome.Txn outcome && command instanceof StoreCommand.Txn txn)) {
      return first;
    }
    List<TxnOp> steps = txn.branch(outcome.succeeded());
    List<TxnResult> results = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      TxnResult result = outcome.results().get(i);
      if (result instanceof TxnResult.Got got) {
        Item item = items.get(steps.get(i).key());
        boolean same = item != null && item.revision() == got.revision();
        boolean fits =
            same && read(results) + item.value().length() <= StoreLimits.MAX_TXN_READ_BYTES;
        result =
            new TxnResult.Got(
                got.revision(), got.createdRevision(), got.version(), fits ? item.value() : null);
      }
      results.add(result);
    }
    return new Outcome.Txn(outcome.succeeded(), outcome.revision(), results);
  }

  private static int units(Client client) {
    return client.window.values().stream().mapToInt(NaiveStore::units).sum();
  }

  private static int units(Outcome outcome) {
    return outcome instanceof Outcome.Txn
        ? 1 + (OutcomeCodec.encode(outcome).length() - 1) / StoreLimits.OUTCOME_UNIT_BYTES
        : 1;
  }
}
