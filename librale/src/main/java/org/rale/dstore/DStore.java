package org.rale.dstore;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

public final class DStore {
  /** The log index up to which commands have been applied. */
  public long appliedIndex() {
    throw new UnsupportedOperationException();
  }

  /** Applies the encoded command that stands at the index, which is higher than any before. */
  public Outcome apply(long index, Bytes command) throws MalformedException {
    throw new UnsupportedOperationException();
  }

  /** An entry without a command passed: only the applied index moves. */
  public void skip(long index) {
    throw new UnsupportedOperationException();
  }

  public @Nullable Item get(Bytes key) {
    throw new UnsupportedOperationException();
  }

  /** Keys that start with the prefix, in order, at most {@code limit}. */
  public List<Bytes> keys(Bytes prefix, int limit) {
    throw new UnsupportedOperationException();
  }

  public int size() {
    throw new UnsupportedOperationException();
  }

  /** Bytes of keys, values and their headers: about what a snapshot takes. */
  public long liveBytes() {
    throw new UnsupportedOperationException();
  }

  /** A hash of the whole state: table, sessions, applied index. Kept up with every change. */
  public long stateHash() {
    throw new UnsupportedOperationException();
  }

  public FrozenStore freeze() {
    throw new UnsupportedOperationException();
  }

  public static Loader loader() {
    throw new UnsupportedOperationException();
  }

  /** Builds a table from the pieces of a frozen one. */
  public static final class Loader {
    public void add(Bytes piece) throws MalformedException {
      throw new UnsupportedOperationException();
    }

    /** The table; fails when a piece is missing. */
    public DStore finish() throws MalformedException {
      throw new UnsupportedOperationException();
    }
  }
}
