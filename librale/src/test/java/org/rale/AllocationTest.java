package org.rale;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.command.CommandParser;
import org.rale.command.ParsedLine;
import org.rale.command.ReplyRenderer;
import org.rale.dstore.DStore;
import org.rale.dstore.Item;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.Payload;
import org.rale.request.Response;
import org.rale.wire.EntryCodec;

/**
 * What one operation allocates in each room on its way: the same on every machine, unlike its time,
 * and what a careless change makes grow first. The bounds are a tenth above what was measured; a
 * change that needs more has to say why.
 */
final class AllocationTest {
  private static final int ROUNDS = 5;
  private static final int OPERATIONS = 20_000;

  /** So many that the memory of changes is full, and grows no more. */
  private static final int CHANGES = 100_000;

  private static final int KEYS = 1_000;
  private static final String VALUE = "v".repeat(256);

  private final CommandParser parser = new CommandParser(1 << 20);

  /** One operation of many; the number tells them apart. */
  private interface Operation {
    void run(int number) throws MalformedException;
  }

  /** Bytes an operation: the least of some rounds, for the first ones also load and compile. */
  private static long bytesEach(Operation operation) throws MalformedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < OPERATIONS; i++) {
        operation.run(i);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    return least / OPERATIONS;
  }

  private static byte[] line(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Bytes put(int key) {
    Bytes name = Bytes.utf8("key" + key % KEYS);
    return StoreCodec.encode(new StoreCommand.Put(Origin.NONE, name, Bytes.utf8(VALUE)));
  }

  @Test
  @DisplayName("a line with a PUT of 256 bytes becomes a request")
  void parsesPut() throws Exception {
    byte[] line = line("PUT key123456 " + VALUE);
    assertThat(bytesEach(i -> parser.parse(line, 0, line.length)))
        .as("448 were measured")
        .isBetween(256L, 495L);
  }

  @Test
  @DisplayName("a line with a GET becomes a request")
  void parsesGet() throws Exception {
    byte[] line = line("GET key123456");
    assertThat(bytesEach(i -> parser.parse(line, 0, line.length)))
        .as("152 were measured")
        .isBetween(16L, 170L);
  }

  @Test
  @DisplayName("a change of 256 bytes becomes the bytes of a log entry")
  void encodesACommand() throws Exception {
    Bytes key = Bytes.utf8("key123456");
    Bytes value = Bytes.utf8(VALUE);
    StoreCommand put = new StoreCommand.Put(new Origin(1, 2, 3, 2, false, 0), key, value);
    assertThat(bytesEach(i -> StoreCodec.encode(put)))
        .as("744 were measured")
        .isBetween(256L, 820L);
  }

  @Test
  @DisplayName("an entry is written for disk or link without anything of its own")
  void writesAnEntry() throws Exception {
    Entry entry = new Entry(7, 1, new Payload.Command(put(1)));
    ByteWriter out = new ByteWriter(1024);
    Operation write =
        i -> {
          out.clear();
          EntryCodec.writeEntry(out, entry);
        };
    assertThat(bytesEach(write)).isZero();
  }

  @Test
  @DisplayName("a key of the table is overwritten")
  void applies() throws Exception {
    DStore store = new DStore();
    for (int i = 0; i < CHANGES; i++) {
      store.apply(i + 1, put(i % KEYS));
    }
    Bytes[] commands = new Bytes[KEYS];
    for (int i = 0; i < KEYS; i++) {
      commands[i] = put(i);
    }
    assertThat(bytesEach(i -> store.apply(store.appliedIndex() + 1, commands[i % KEYS])))
        .as("472 were measured; 56 more where the compiler does not take the digest's hash apart")
        .isBetween(256L, 580L);
  }

  @Test
  @DisplayName("a value of 256 bytes becomes a line")
  void renders() throws Exception {
    DStore store = new DStore();
    store.apply(1, put(5));
    Item item = store.get(Bytes.utf8("key5"));
    assertThat(item).isNotNull();
    byte[] line = line("GET key5");
    if (parser.parse(line, 0, line.length) instanceof ParsedLine.Parsed parsed) {
      Response value =
          new Response.Value(item.value(), item.revision(), item.createdRevision(), item.version());
      assertThat(bytesEach(i -> ReplyRenderer.render(parsed.form(), value)))
          .as("304 were measured")
          .isBetween(256L, 335L);
    }
  }
}
