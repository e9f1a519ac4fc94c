package org.rale.history;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A judge that lets everything pass proves nothing. */
final class LinearizabilityTest {
  private static Op op(Op.Kind kind, String value, long from, long to, boolean yes, long revision) {
    Op op = new Op(1, kind, "k", value, 0, from);
    op.to = to;
    op.yes = yes;
    op.revision = revision;
    return op;
  }

  private static Op put(String value, long from, long to, long revision) {
    return op(Op.Kind.PUT, value, from, to, true, revision);
  }

  private static Op get(String value, long from, long to, long revision) {
    return op(Op.Kind.GET, value, from, to, value != null, revision);
  }

  private static void holds(Op... ops) {
    assertThatCode(() -> new Linearizability(List.of(ops)).judge()).doesNotThrowAnyException();
  }

  private static void breaks(Op... ops) {
    assertThatThrownBy(() -> new Linearizability(List.of(ops)).judge())
        .isInstanceOf(BrokenHistory.class)
        .hasMessageContaining("no order");
  }

  @Test
  void readsSeeTheLastWrite() {
    holds(get(null, 0, 5, 0), put("a", 10, 20, 1), get("a", 30, 40, 1));
    breaks(put("a", 10, 20, 1), put("b", 30, 40, 2), get("a", 50, 60, 1));
    breaks(put("a", 10, 20, 1), get(null, 30, 40, 0));
  }

  @Test
  void whatOverlapsMayStandInEitherOrder() {
    holds(put("a", 10, 50, 1), get(null, 20, 30, 0), get("a", 35, 40, 1));
    breaks(put("a", 10, 50, 1), get("a", 20, 30, 1), get(null, 35, 40, 0));
  }

  @Test
  void anOpenWriteMayStandAnywhereOrNowhere() {
    holds(put("a", 10, 20, 1), put("b", 15, Op.OPEN, 0), get("a", 30, 40, 1));
    holds(
        put("a", 10, 20, 1),
        put("b", 15, Op.OPEN, 0),
        get("a", 30, 40, 1),
        get("b", 50, 60, 2),
        get("b", 70, 80, 2));
    breaks(put("a", 10, 20, 1), put("b", 15, Op.OPEN, 0), get("b", 50, 60, 2), get("a", 70, 80, 1));
    breaks(get("b", 5, 10, 2), put("b", 15, Op.OPEN, 0));
  }

  @Test
  void aDeleteTellsWhetherTheKeyWasThere() {
    holds(put("a", 10, 20, 1), op(Op.Kind.DELETE, null, 30, 40, true, 2), get(null, 50, 60, 0));
    breaks(put("a", 10, 20, 1), op(Op.Kind.DELETE, null, 30, 40, false, 2));
    breaks(op(Op.Kind.DELETE, null, 30, 40, true, 2));
  }

  @Test
  void aConditionalWriteComparesTheRevision() {
    Op cas = new Op(1, Op.Kind.CAS, "k", "b", 1, 30);
    cas.to = 40;
    cas.yes = true;
    cas.revision = 2;
    holds(put("a", 10, 20, 1), cas, get("b", 50, 60, 2));
    breaks(put("a", 10, 20, 1), put("c", 22, 25, 3), cas);
  }

  /** Sixty writes of which nobody knows anything, between deletes that each need one of them. */
  @Test
  void manyOpenWritesThatNobodySawAreTriedByNumber() {
    List<Op> ops = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      ops.add(put("open" + i, i, Op.OPEN, 0));
    }
    for (int i = 0; i < 60; i++) {
      ops.add(op(Op.Kind.DELETE, null, 100 + 10 * i, 105 + 10 * i, true, 10 + i));
    }
    holds(ops.toArray(Op[]::new));
    ops.add(op(Op.Kind.DELETE, null, 1_000, 1_005, true, 100));
    breaks(ops.toArray(Op[]::new));
  }
}
