package org.rale.history;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Each of the three things that the judge demands is broken once, and each time it says so. */
final class RevisionsTest {
  private static Op op(Op.Kind kind, String key, long from, long to, boolean yes, long revision) {
    Op op = new Op(1, kind, key, "value of " + key, 0, from);
    op.to = to;
    op.yes = yes;
    op.revision = revision;
    return op;
  }

  private static Op put(String key, long from, long to, long revision) {
    return op(Op.Kind.PUT, key, from, to, true, revision);
  }

  private static Op get(String key, long from, long to, long revision) {
    return op(Op.Kind.GET, key, from, to, true, revision);
  }

  private static void holds(Op... ops) {
    assertThatCode(() -> new Revisions(List.of(ops)).judge()).doesNotThrowAnyException();
  }

  private static void breaks(String sentence, Op... ops) {
    assertThatThrownBy(() -> new Revisions(List.of(ops)).judge())
        .isInstanceOf(BrokenHistory.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void revisionsRiseOverAllKeys() {
    holds(put("a", 10, 20, 1), put("b", 30, 40, 2), put("c", 50, 60, 9));
    breaks("fall", put("a", 10, 20, 5), put("b", 30, 40, 4));
    breaks("fall", put("a", 10, 20, 5), op(Op.Kind.DELETE, "b", 30, 40, false, 4));
  }

  @Test
  void changesThatOverlapMayHaveEitherOrder() {
    holds(put("a", 10, 35, 5), put("b", 30, 40, 4));
    holds(put("a", 10, 20, 1), put("c", 15, 45, 2), put("b", 30, 40, 3));
  }

  @Test
  void whatWasReadCountsAsKnown() {
    Op open = op(Op.Kind.PUT, "a", 10, Op.OPEN, false, 0);
    holds(open, get("a", 20, 30, 4), put("b", 40, 50, 5));
    breaks("fall", open, get("a", 20, 30, 6), put("b", 40, 50, 5));
    Op mismatch = op(Op.Kind.CAS, "a", 20, 30, false, 6);
    breaks("fall", open, mismatch, put("b", 40, 50, 5));
  }

  @Test
  void aRefusedChangeAndAReadTellTheRevisionOfAnother() {
    Op mismatch = op(Op.Kind.CAS, "a", 30, 40, false, 1);
    holds(put("a", 10, 20, 1), mismatch, get("a", 50, 60, 1));
  }

  @Test
  void noTwoChangesShareARevision() {
    breaks("one revision", put("a", 10, 20, 1), put("b", 15, 25, 1));
  }

  @Test
  void aValueHasOneRevision() {
    breaks("two revisions", put("a", 10, 20, 1), get("a", 30, 40, 2));
    breaks("two revisions", get("a", 30, 40, 1), get("a", 30, 40, 2));
  }
}
