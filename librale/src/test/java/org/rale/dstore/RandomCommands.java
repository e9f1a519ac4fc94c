package org.rale.dstore;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.rale.bytes.Bytes;

/**
 * Commands of a few clients over a few keys, so that they meet: retries, late ones, doubled ones.
 */
final class RandomCommands {
  private final Random random;
  private final int keys;
  private final int clients;
  private final boolean all;
  private final long[] sequences;
  private final List<StoreCommand> sent = new ArrayList<>();

  RandomCommands(Random random, int keys, int clients) {
    this(random, keys, clients, /* all= */ false);
  }

  /**
   * @param all transactions and leases too
   */
  RandomCommands(Random random, int keys, int clients, boolean all) {
    this.all = all;
    this.random = random;
    this.keys = keys;
    this.clients = clients;
    this.sequences = new long[clients];
  }

  /**
   * @param index about the log index at which it will stand
   */
  StoreCommand next(long index, NaiveStore model) {
    if (!sent.isEmpty() && random.nextInt(5) == 0) {
      int back = random.nextInt(Math.min(sent.size(), random.nextBoolean() ? 10 : 500));
      StoreCommand again = sent.get(sent.size() - 1 - back);
      if (again instanceof StoreCommand.LeaseExpire) {
        return again;
      }
      return random.nextInt(4) == 0 ? again : again.withOrigin(again.origin().asRetry());
    }
    StoreCommand command = command(index, model);
    sent.add(command);
    return command;
  }

  Bytes key() {
    // Lengths, shared prefixes and bytes above 127
    int number = random.nextInt(keys);
    byte[] key = new byte[1 + number % 11];
    key[0] = (byte) (number * 37);
    for (int i = 1; i < key.length; i++) {
      key[i] = (byte) (number >>> (i % 4 * 4));
    }
    return Bytes.wrap(key);
  }

  private StoreCommand command(long index, NaiveStore model) {
    Origin origin = origin(index);
    if (all && random.nextInt(2) == 0) {
      return other(origin, model);
    }
    Bytes key = key();
    return switch (random.nextInt(8)) {
      case 0, 1 -> new StoreCommand.Delete(origin, key);
      case 2, 3, 4 -> new StoreCommand.CompareAndSet(origin, key, expected(key, model), value());
      default -> new StoreCommand.Put(origin, key, value());
    };
  }

  private StoreCommand other(Origin origin, NaiveStore model) {
    return switch (random.nextInt(9)) {
      case 0 -> new StoreCommand.LeaseGrant(origin, 1_000 + random.nextInt(9_000));
      case 1 ->
          random.nextInt(3) == 0
              ? new StoreCommand.LeaseRevoke(origin, lease(model))
              : new StoreCommand.LeaseExpire(lease(model));
      case 2, 3 -> new StoreCommand.Put(origin, key(), value(), lease(model));
      case 4 -> {
        Bytes key = key();
        yield new StoreCommand.CompareAndSet(
            origin, key, expected(key, model), value(), lease(model));
      }
      default -> txn(origin, model);
    };
  }

  /** Mostly one that there is; 0 seldom. */
  private long lease(NaiveStore model) {
    List<Long> leases = model.leases();
    if (leases.isEmpty() || random.nextInt(20) == 0) {
      return random.nextInt(30);
    }
    return leases.get(leases.size() - 1 - random.nextInt(Math.min(5, leases.size())));
  }

  private StoreCommand.Txn txn(Origin origin, NaiveStore model) {
    List<Compare> compares = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      compares.add(compare(model));
    }
    return new StoreCommand.Txn(origin, compares, steps(model), steps(model));
  }

  private Compare compare(NaiveStore model) {
    Bytes key = key();
    Item item = model.items.get(key);
    Compare.Relation any = List.of(Compare.Relation.values()).get(random.nextInt(4));
    Compare.Relation same =
        random.nextBoolean() ? Compare.Relation.EQUAL : Compare.Relation.NOT_EQUAL;
    return switch (random.nextInt(5)) {
      case 0 -> Compare.number(key, Compare.Target.REVISION, any, expected(key, model));
      case 1 -> Compare.number(key, Compare.Target.CREATED_REVISION, any, expected(key, model));
      case 2 -> Compare.number(key, Compare.Target.VERSION, any, random.nextInt(4));
      case 3 -> Compare.number(key, Compare.Target.EXISTS, same, random.nextInt(2));
      default ->
          Compare.value(key, same, item == null || random.nextBoolean() ? value() : item.value());
    };
  }

  private List<TxnOp> steps(NaiveStore model) {
    List<TxnOp> steps = new ArrayList<>();
    List<Bytes> changed = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      Bytes key = key();
      int kind = random.nextInt(3);
      if (kind == 0 || changed.contains(key)) {
        steps.add(new TxnOp.Get(key));
      } else {
        changed.add(key);
        steps.add(
            kind == 1
                ? new TxnOp.Delete(key)
                : new TxnOp.Put(key, value(), random.nextInt(3) == 0 ? lease(model) : 0));
      }
    }
    return steps;
  }

  private long expected(Bytes key, NaiveStore model) {
    Item item = model.items.get(key);
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> random.nextInt(1_000);
      default -> item == null ? 0 : item.revision();
    };
  }

  private Bytes value() {
    byte[] value = new byte[random.nextInt(random.nextInt(20) == 0 ? 2_000 : 30)];
    random.nextBytes(value);
    return Bytes.wrap(value);
  }

  private Origin origin(long index) {
    if (random.nextInt(4) == 0) {
      return Origin.NONE;
    }
    int client = random.nextInt(1 + random.nextInt(clients));
    long sequence = ++sequences[client];
    if (random.nextInt(10) == 0) {
      sequences[client] += random.nextInt(3);
    }
    long acknowledged = random.nextInt(3) == 0 ? Math.max(0, sequence - 1 - random.nextInt(8)) : 0;
    long since = random.nextInt(4) == 0 ? 0 : Math.max(0, index - random.nextInt(40));
    return new Origin(client % 3, client + 1, sequence, acknowledged, false, since);
  }
}
