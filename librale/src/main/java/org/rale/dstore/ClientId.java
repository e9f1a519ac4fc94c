package org.rale.dstore;

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
}
