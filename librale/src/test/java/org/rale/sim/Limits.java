package org.rale.sim;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a run shall not have of what its seed drew, so that a failure has less to read.
 *
 * @param noFaults kinds that are left out
 * @param noOrders kinds that are left out
 * @param clients at most
 * @param pipeline at most
 * @param keys at most
 * @param faultyMicros at most
 */
record Limits(
    Set<Fault> noFaults,
    Set<Order> noOrders,
    int clients,
    int pipeline,
    int keys,
    long faultyMicros) {
  static final Limits NONE =
      new Limits(
          EnumSet.noneOf(Fault.class),
          EnumSet.noneOf(Order.class),
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Long.MAX_VALUE);

  Limits without(Fault fault) {
    Set<Fault> less = EnumSet.copyOf(noFaults);
    less.add(fault);
    return new Limits(less, noOrders, clients, pipeline, keys, faultyMicros);
  }

  Limits without(Order order) {
    Set<Order> less = EnumSet.copyOf(noOrders);
    less.add(order);
    return new Limits(noFaults, less, clients, pipeline, keys, faultyMicros);
  }

  Limits clients(int most) {
    return new Limits(noFaults, noOrders, most, pipeline, keys, faultyMicros);
  }

  Limits pipeline(int most) {
    return new Limits(noFaults, noOrders, clients, most, keys, faultyMicros);
  }

  Limits keys(int most) {
    return new Limits(noFaults, noOrders, clients, pipeline, most, faultyMicros);
  }

  Limits faultyMicros(long most) {
    return new Limits(noFaults, noOrders, clients, pipeline, keys, most);
  }
}
