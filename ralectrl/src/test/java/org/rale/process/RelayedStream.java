package org.rale.process;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.rale.bytes.Bytes;

/**
 * One direction of a connection through the {@link Relay}: what comes in goes out a delay later, in
 * its order. Where one side ends, so does the other, after the delay.
 */
final class RelayedStream {
  private static final int PIECE_BYTES = 65_536;

  /**
   * @param bytes none at the end
   */
  private record Piece(long due, Bytes bytes) {}

  private final Socket from;
  private final Socket to;
  private final LongSupplier delayNanos;
  private final BlockingQueue<Piece> underWay = new LinkedBlockingQueue<>();

  RelayedStream(Socket from, Socket to, LongSupplier delayNanos) {
    this.from = from;
    this.to = to;
    this.delayNanos = delayNanos;
  }

  /** Until the sending side ends. */
  void read() {
    byte[] buffer = new byte[PIECE_BYTES];
    long due = System.nanoTime();
    int count;
    do {
      try {
        count = from.getInputStream().read(buffer);
      } catch (IOException e) {
        count = -1;
      }
      due = Math.max(due, System.nanoTime() + delayNanos.getAsLong());
      underWay.add(new Piece(due, Bytes.copyOf(buffer, 0, Math.max(0, count))));
    } while (count >= 0);
  }

  /** Until the end of the sending side has arrived, or the receiving side ends. */
  void write() throws IOException, InterruptedException {
    try (from;
        to) {
      for (Piece piece = arrived(); !piece.bytes().isEmpty(); piece = arrived()) {
        to.getOutputStream().write(piece.bytes().shared());
      }
    }
  }

  private Piece arrived() throws InterruptedException {
    Piece piece = underWay.take();
    TimeUnit.NANOSECONDS.sleep(piece.due() - System.nanoTime());
    return piece;
  }
}
