package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;

/** What a table remembers of its changes. */
final class HistoryTest {
  private static final int LOOKS = 1_000_000;
  private static final long BYTES = Long.MAX_VALUE;
  private static final int ROOM = 20 * (History.CHANGE_BYTES + 3);

  private static Row row(String key, long revision) {
    return new Row(Bytes.utf8(key).shared(), 0, new byte[] {'v'}, revision, revision, 1);
  }

  private static List<Long> revisions(Changes changes) {
    return changes.list().stream().map(KeyChange::revision).toList();
  }

  private static Changes after(History history, long revision, String prefix) {
    return history.after(revision, Bytes.utf8(prefix), 1_000, BYTES, LOOKS);
  }

  @Test
  void tellsWhatCameLaterUnderThePrefixInOrder() {
    History history = new History(BYTES);
    history.put(row("a1", 3));
    history.put(row("b1", 4));
    history.deleted(7, Bytes.utf8("a1").shared());
    history.put(row("a2", 7));
    assertThat(revisions(after(history, 0, "a"))).containsExactly(3L, 7L, 7L);
    assertThat(revisions(after(history, 3, "a"))).containsExactly(7L, 7L);
    assertThat(revisions(after(history, 3, ""))).containsExactly(4L, 7L, 7L);
    assertThat(revisions(after(history, 7, ""))).isEmpty();
    assertThat(after(history, 3, "a").list())
        .containsExactly(
            new KeyChange(Bytes.utf8("a1"), 7, null),
            new KeyChange(Bytes.utf8("a2"), 7, row("a2", 7).item()));
  }

  @Test
  void whatDoesNotMatchMovesOnAsWell() {
    History history = new History(BYTES);
    history.put(row("a", 3));
    assertThat(after(history, 0, "b")).isEqualTo(new Changes(List.of(), 1_000, true));
  }

  @Test
  void anAnswerEndsBetweenTwoRevisions() {
    History history = new History(BYTES);
    for (long revision = 1; revision <= 4; revision++) {
      history.put(row("a", revision));
      history.put(row("b", revision));
      history.put(row("c", revision));
    }
    Changes first = history.after(0, Bytes.EMPTY, 4, 1, LOOKS);
    assertThat(revisions(first)).containsExactly(1L, 1L, 1L);
    assertThat(first.revision()).isEqualTo(1);
    assertThat(first.complete()).isFalse();
    Changes more = history.after(1, Bytes.EMPTY, 4, 4 * History.CHANGE_BYTES, LOOKS);
    assertThat(revisions(more)).containsExactly(2L, 2L, 2L, 3L, 3L, 3L);
    assertThat(more.revision()).isEqualTo(3);
    assertThat(history.after(3, Bytes.EMPTY, 4, 1, LOOKS).complete()).isTrue();
  }

  @Test
  void aLongSearchIsBrokenOff() {
    History history = new History(BYTES);
    for (long revision = 1; revision <= 100; revision++) {
      history.put(row(revision == 95 ? "b" : "a", revision));
    }
    long from = 0;
    int parts = 0;
    List<Long> found = new ArrayList<>();
    boolean complete = false;
    while (!complete) {
      Changes part = history.after(from, Bytes.utf8("b"), 100, BYTES, 10);
      found.addAll(revisions(part));
      from = part.revision();
      complete = part.complete();
      parts++;
    }
    assertThat(found).containsExactly(95L);
    assertThat(from).isEqualTo(100);
    assertThat(parts).isEqualTo(10);
  }

  @Test
  @DisplayName("S-16 what it remembers is bounded, and a revision is forgotten as a whole")
  void S_16_forgetsWholeRevisions() {
    History history = new History(ROOM);
    for (long revision = 1; revision <= 50; revision++) {
      history.put(row("a" + revision % 10, revision));
      history.put(row("b" + revision % 10, revision));
    }
    assertThat(history.floor()).isEqualTo(40);
    assertThat(after(history, 40, "").list()).hasSize(20);
    assertThat(revisions(after(history, 40, "a"))).startsWith(41L).hasSize(10);
  }

  @Test
  void theNewestRevisionIsKeptHoweverLongItIs() {
    History history = new History(ROOM);
    history.put(row("a", 1));
    for (int i = 0; i < 100; i++) {
      history.put(row("b" + i, 2));
    }
    assertThat(history.floor()).isEqualTo(1);
    assertThat(after(history, 1, "").list()).hasSize(100);
  }

  @Test
  void growsAroundTheEndOfItsRing() {
    Random random = new Random(1);
    History history = new History(300 * (History.CHANGE_BYTES + 3));
    List<Row> model = new ArrayList<>();
    for (long revision = 1; revision <= 5_000; revision++) {
      for (int i = random.nextInt(4); i > 0; i--) {
        Row row = row("k" + random.nextInt(9), revision);
        history.put(row);
        model.add(row);
      }
      if (random.nextInt(20) == 0) {
        long from = history.floor() + random.nextInt(50);
        assertThat(revisions(history.after(from, Bytes.utf8("k1"), revision, BYTES, LOOKS)))
            .isEqualTo(
                model.stream()
                    .filter(
                        row -> row.revision() > from && Bytes.wrap(row.key()).toText().equals("k1"))
                    .map(Row::revision)
                    .toList());
      }
    }
    assertThat(history.floor()).isGreaterThan(4_000);
  }

  @Test
  void changedKeysAreFoundByTheirPrefix() {
    for (int questions : new int[] {1, 1_000}) {
      byte[][] keys = new byte[][] {key("b/2"), key("a"), key("b/1"), key("d\u00ff")};
      ChangedKeys changed = new ChangedKeys(keys, questions);
      for (String prefix : List.of("", "a", "b", "b/", "b/1", "b/2", "d", "d\u00ff")) {
        assertThat(changed.any(Bytes.utf8(prefix))).as(prefix).isTrue();
      }
      for (String prefix : List.of("A", "aa", "b/0", "b/11", "c", "e")) {
        assertThat(changed.any(Bytes.utf8(prefix))).as(prefix).isFalse();
      }
      assertThat(new ChangedKeys(new byte[0][], questions).any(Bytes.EMPTY)).isFalse();
    }
  }

  private static byte[] key(String text) {
    return Bytes.utf8(text).shared();
  }

  @Test
  void aLoadedTableRemembersWhatComesBehindItsImage() throws Exception {
    DStore store = new DStore();
    store.apply(1, put("a"));
    store.apply(2, put("b"));
    DStore loaded = Images.load(Images.pieces(store.freeze(), 500), SessionBounds.DEFAULT);
    assertThat(store.historyFloor()).isZero();
    assertThat(loaded.historyFloor()).isEqualTo(2);
    assertThatIllegalArgumentException().isThrownBy(() -> loaded.changes(Bytes.EMPTY, 1, 1, 1));
    loaded.apply(5, put("c"));
    assertThat(revisions(loaded.changes(Bytes.EMPTY, 2, BYTES, LOOKS))).containsExactly(5L);
    assertThat(loaded.changes(Bytes.EMPTY, 5, BYTES, LOOKS).revision()).isEqualTo(5);
  }

  private static Bytes put(String key) {
    return StoreCodec.encode(new StoreCommand.Put(Origin.NONE, Bytes.utf8(key), Bytes.utf8("v")));
  }
}
