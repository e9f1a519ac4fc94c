package org.rale.raled.clients;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rale.command.ParsedLine;
import org.rale.command.ReplyRenderer;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * The requests of one connection under way, oldest first. Answers may come in any order and on any
 * thread; they leave in the order of the requests.
 *
 * <p>An answer is put into words only when it is about to leave: until then a value is shared with
 * the table and costs nothing, while the table has it. Events hold values that neither the table
 * nor its history may have any more: bounded are the answers that wait, and what one tells. Of one
 * event loop, but for {@link Entry#accept}.
 */
final class ReplyQueue {
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final Listener listener;
  private final MemoryBudget.Share share;

  /** Told when an answer came. */
  interface Listener {
    /**
     * Any thread, once for each request.
     *
     * @param lineBytes of its line
     */
    void answered(Request request, int lineBytes);
  }

  /**
   * @param share where the lines of requests under way are counted
   */
  ReplyQueue(Listener listener, MemoryBudget.Share share) {
    this.listener = listener;
    this.share = share;
  }

  /** A request whose answer will come. */
  Entry expect(ParsedLine.Parsed line, int lineBytes) {
    return add(new Entry(line, null, lineBytes));
  }

  /** An answer that is there already. */
  void answer(byte[] reply, int lineBytes) {
    add(new Entry(null, reply, lineBytes));
  }

  private Entry add(Entry entry) {
    entries.add(entry);
    share.take(entry.lineBytes);
    return entry;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  boolean isFull() {
    return entries.size() >= ClientLimits.MAX_OUTSTANDING
        || share.held() >= ClientLimits.MAX_OUTSTANDING_BYTES
        || share.exhausted();
  }

  /**
   * The words of the oldest request's answer, made anew; null where it has not come. Its line is
   * not counted any more: the words are, by whoever writes them.
   */
  byte @Nullable [] peek() {
    Entry oldest = entries.peek();
    byte[] words = oldest == null ? null : oldest.words();
    if (oldest != null && words != null) {
      share.take(-oldest.counted);
      oldest.counted = 0;
    }
    return words;
  }

  /** Answers those that only wait for news; what else is under way gets its own answer. */
  void endWatches(Response.Failed failed) {
    for (Entry entry : entries) {
      if (entry.line != null && entry.line.request().awaitsNews()) {
        entry.accept(failed);
      }
    }
  }

  /** The answer that was peeked at has left. */
  void remove() {
    entries.remove();
  }

  void clear() {
    entries.clear();
    share.take(-share.held());
  }

  final class Entry implements Consumer<Response> {
    private final ParsedLine.@Nullable Parsed line;
    private final int lineBytes;
    private final byte @Nullable [] words;

    /** Of the line, in the share. */
    private int counted;

    private final AtomicReference<@Nullable Response> response = new AtomicReference<>();

    private Entry(ParsedLine.@Nullable Parsed line, byte @Nullable [] words, int lineBytes) {
      this.line = line;
      this.words = words;
      this.lineBytes = lineBytes;
      this.counted = lineBytes;
    }

    @Override
    public void accept(Response answer) {
      // The node and the end of the connection may come at the same time.
      if (line != null && response.compareAndSet(null, answer)) {
        listener.answered(line.request(), lineBytes);
      }
    }

    private byte @Nullable [] words() {
      Response answer = response.get();
      return answer != null && line != null ? ReplyRenderer.render(line.form(), answer) : words;
    }
  }
}
