package org.rale.dstore;

import org.jspecify.annotations.Nullable;

/** The 128-bit id of a client. Comparable, so that a map can bear ids that were made to collide. */
record ClientId(long high, long low) implements Comparable<ClientId> {
  static ClientId of(Origin origin) {
    return new ClientId(origin.clientHigh(), origin.clientLow());
  }

  @Override
  public int compareTo(ClientId other) {
    int order = Long.compare(high, other.high);
    return order != 0 ? order : Long.compare(low, other.low);
  }

  /**
   * Written out, as is {@link #hashCode}: every change looks its client up, and what a record gets
   * from the JDK is put together from method handles when it is first used, which takes a start
   * some 20 ms.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClientId client && high == client.high && low == client.low;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(high) + Long.hashCode(low);
  }
}
