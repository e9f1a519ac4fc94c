package org.rale.dstore;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

/**
 * A table of some size: its keys are read and overwritten one after the other, in a mixed order.
 */
@State(Scope.Thread)
public class TableBenchmark {
  private static final int BYTES = 256;

  /** Prime, so that it goes through all keys, and far from one to the next. */
  private static final int STRIDE = 7_919;

  private static final int COMMANDS = 65_536;

  @Param({"1000", "1000000"})
  public int keys = 1_000;

  private final DStore store = new DStore();
  private Bytes[] names = {};
  private Bytes[] commands = {};
  private int next;

  private @Nullable ImagePieces pieces;

  @Setup
  public void fill() throws MalformedException {
    names = new Bytes[keys];
    commands = new Bytes[Math.min(keys, COMMANDS)];
    for (int i = 0; i < keys; i++) {
      names[i] = Bytes.utf8("key" + i);
      store.apply(i + 1L, put(names[i]));
    }
    // Rows lie in memory as they were written, and clients don't write by the order of keys.
    for (int i = 0; i < keys; i++) {
      store.apply(keys + i + 1L, put(names[(int) ((long) i * STRIDE % keys)]));
    }
    for (int i = 0; i < commands.length; i++) {
      commands[i] = put(names[(int) ((long) i * STRIDE % keys)]);
    }
  }

  private static Bytes put(Bytes key) {
    return StoreCodec.encode(new StoreCommand.Put(Origin.NONE, key, Bytes.wrap(new byte[BYTES])));
  }

  private int step(int count) {
    next = (int) ((next + (long) STRIDE) % count);
    return next;
  }

  @Benchmark
  public @Nullable Item get() {
    return store.get(names[step(keys)]);
  }

  /** As the log has it: decoded, applied, the state hash kept up. */
  @Benchmark
  public Outcome overwrite() throws MalformedException {
    return store.apply(store.appliedIndex() + 1, commands[step(commands.length)]);
  }

  /** The same of many together, as a batch of a loaded node is applied: time of one. */
  @Benchmark
  @OperationsPerInvocation(DStore.PREFETCHED)
  public long overwriteGroup() throws MalformedException {
    List<Bytes> group = new ArrayList<>(DStore.PREFETCHED);
    for (int i = 0; i < DStore.PREFETCHED; i++) {
      group.add(commands[step(commands.length)]);
    }
    store.prefetch(group);
    for (Bytes command : group) {
      store.apply(store.appliedIndex() + 1, command);
    }
    return store.appliedIndex();
  }

  /** Of an image, as a rewrite of the file makes it: one row, in a piece of its own. */
  @Benchmark
  public int image() {
    if (pieces == null || !pieces.hasNext()) {
      pieces = store.freeze().image(1);
    }
    return pieces.next().size();
  }

  /** What a snapshot costs the thread that owns the table, but for the copies that follow. */
  @Benchmark
  public FrozenStore freeze() {
    return store.freeze();
  }
}
