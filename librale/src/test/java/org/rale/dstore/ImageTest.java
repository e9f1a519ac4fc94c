package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

final class ImageTest {
  private static final SessionBounds BOUNDS = new SessionBounds(5, 6, 20);
  private static final int PIECE_BYTES = 300;

  private static DStore store;
  private static List<Bytes> pieces;

  @BeforeAll
  static void fill() throws Exception {
    store = new DStore(BOUNDS);
    RandomCommands commands = new RandomCommands(new Random(3), 60, 8);
    NaiveStore model = new NaiveStore(BOUNDS);
    for (long index = 1; index <= 500; index++) {
      StoreCommand command = commands.next(index, model);
      model.apply(index, command);
      store.apply(index, StoreCodec.encode(command));
    }
    pieces = Images.pieces(store.freeze(), PIECE_BYTES);
    assertThat(pieces).hasSizeGreaterThan(8);
    assertThat(store.sessions().forgottenThrough()).isPositive();
  }

  @Test
  void anEmptyStoreIsAHeadAndAnEnd() throws Exception {
    List<Bytes> empty = Images.pieces(new DStore().freeze(), 100);
    assertThat(empty).hasSize(2);
    DStore loaded = Images.load(empty, SessionBounds.DEFAULT);
    assertThat(loaded.size()).isZero();
    assertThat(loaded.appliedIndex()).isZero();
    assertThat(loaded.stateHash()).isEqualTo(new DStore().stateHash());
    loaded.skip(1);
  }

  @Test
  void aLoadedStoreGoesOnLikeTheOneItWasTakenOf() throws Exception {
    DStore loaded = Images.load(pieces, BOUNDS);
    DStore other = Images.load(Images.pieces(store.freeze(), 1 << 20), BOUNDS);
    RandomCommands commands = new RandomCommands(new Random(4), 60, 8);
    NaiveStore model = new NaiveStore(BOUNDS);
    for (long index = 501; index <= 1_500; index++) {
      Bytes command = StoreCodec.encode(commands.next(index, model));
      assertThat(loaded.apply(index, command)).isEqualTo(other.apply(index, command));
      assertThat(loaded.stateHash()).isEqualTo(other.stateHash());
    }
    assertThat(Images.pieces(loaded.freeze(), 99)).isEqualTo(Images.pieces(other.freeze(), 99));
  }

  @Test
  @DisplayName("S-20 equal state gives equal pieces and an equal hash, whatever the history")
  void piecesDependOnTheStateAlone() throws Exception {
    int keys = 3_000;
    DStore straight = new DStore();
    DStore roundabout = new DStore();
    Random random = new Random(5);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    long index = 0;
    for (int i = 0; i < keys; i++) {
      // What one store has put and deleted again, or reads from an image, the other never saw
      straight.skip(++index);
      roundabout.apply(index, put("passing" + i, random.nextInt(50)));
    }
    for (int i = 0; i < keys; i++) {
      Bytes put = put("key" + order.get(i), 10);
      straight.apply(++index, put);
      roundabout.apply(index, put);
      if (i == keys / 2) {
        roundabout = Images.load(Images.pieces(roundabout.freeze(), 700), SessionBounds.DEFAULT);
      }
    }
    for (int i = 0; i < keys; i++) {
      straight.skip(++index);
      roundabout.apply(
          index,
          StoreCodec.encode(new StoreCommand.Delete(Origin.NONE, Bytes.utf8("passing" + i))));
      assertThat(straight.stateHash() == roundabout.stateHash()).isEqualTo(i == keys - 1);
    }
    assertThat(roundabout.liveBytes()).isEqualTo(straight.liveBytes());
    assertThat(Images.pieces(roundabout.freeze(), 1_000))
        .isEqualTo(Images.pieces(straight.freeze(), 1_000));
  }

  /** Files and peers keep images: this is format 1, with its state hash, byte by byte. */
  @Test
  void theFormatStaysAsItIs() throws Exception {
    DStore small = new DStore();
    Origin origin = new Origin(0x11, 0x22, 7, 6, false, 1);
    small.apply(3, StoreCodec.encode(new StoreCommand.Put(origin, Bytes.utf8("b"), Bytes.EMPTY)));
    small.apply(
        4, StoreCodec.encode(new StoreCommand.Put(Origin.NONE, Bytes.utf8("a"), Bytes.utf8("v"))));
    ByteWriter head = new ByteWriter().u8(1).u8(1).i32(0).i64(4).i64(0).i32(2).i32(1);
    ByteWriter rows = new ByteWriter().u8(1).u8(2).i32(1);
    rows.u16(1).u8('a').i32(1).u8('v').i64(4).i64(4).i64(1);
    rows.u16(1).u8('b').i32(0).i64(3).i64(3).i64(1);
    ByteWriter sessions = new ByteWriter().u8(1).u8(3).i32(2);
    sessions.i64(0x11).i64(0x22).i64(0).i64(3).i64(6).i32(1);
    sessions.i64(7).u8(1).i64(3).i64(3).i64(1);
    assertThat(Images.pieces(small.freeze(), 1_000))
        .containsExactly(
            head.i64(0x4d3d1b26bc66e710L).toBytes(),
            rows.toBytes(),
            sessions.toBytes(),
            new ByteWriter().u8(1).u8(4).i32(3).toBytes());
  }

  @Test
  void piecesAreAsLargeAsWishedUnlessOneItemIsLarger() throws Exception {
    DStore large = new DStore();
    for (int i = 1; i <= 200; i++) {
      large.apply(i, put("key" + i, i % 50 == 0 ? 5_000 : 80));
    }
    List<Bytes> made = Images.pieces(large.freeze(), 1_000);
    assertThat(made.stream().filter(piece -> piece.length() > 1_000)).hasSize(4);
    assertThat(made).allMatch(piece -> piece.length() < 5_100);
    assertThat(made.stream().filter(piece -> piece.length() < 800).count()).isLessThan(12);
    assertThat(Images.pieces(large.freeze(), 1)).hasSize(200 + 2);
    assertThat(Images.load(made, SessionBounds.DEFAULT).stateHash()).isEqualTo(large.stateHash());
    assertThatIllegalArgumentException().isThrownBy(() -> large.freeze().pieces(0));
  }

  @Test
  void thePiecesEnd() {
    Iterator<Bytes> all = store.freeze().pieces(1 << 20);
    while (all.hasNext()) {
      all.next();
    }
    assertThatThrownBy(all::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  @DisplayName("S-17 a missing, doubled, swapped or foreign piece is refused")
  void theOrderOfPiecesIsHeld() throws Exception {
    for (int i = 0; i < pieces.size(); i++) {
      List<Bytes> missing = new ArrayList<>(pieces);
      missing.remove(i);
      refused(missing);
      refused(pieces.subList(0, i));
      List<Bytes> doubled = new ArrayList<>(pieces);
      doubled.add(i, pieces.get(i));
      refused(doubled);
      for (int j = 0; j < i; j++) {
        List<Bytes> swapped = new ArrayList<>(pieces);
        Collections.swap(swapped, i, j);
        refused(swapped);
      }
    }
    DStore other = Images.load(pieces, BOUNDS);
    Bytes key = other.keys(Bytes.EMPTY, 1).get(0);
    other.apply(501, StoreCodec.encode(new StoreCommand.Put(Origin.NONE, key, Bytes.EMPTY)));
    List<Bytes> mixed = new ArrayList<>(pieces);
    mixed.set(0, Images.pieces(other.freeze(), PIECE_BYTES).get(0));
    refused(mixed);
  }

  /** Numbers put right, so that only the content can show what is wrong. */
  @Test
  @DisplayName("S-17 pieces that were renumbered after a loss or a swap are refused")
  void renumberedPiecesAreRefused() {
    for (int i = 0; i < pieces.size(); i++) {
      List<Bytes> missing = new ArrayList<>(pieces);
      missing.remove(i);
      refused(renumbered(missing));
      List<Bytes> doubled = new ArrayList<>(pieces);
      doubled.add(i, pieces.get(i));
      refused(renumbered(doubled));
      for (int j = 0; j < i; j++) {
        List<Bytes> swapped = new ArrayList<>(pieces);
        Collections.swap(swapped, i, j);
        refused(renumbered(swapped));
      }
    }
  }

  @Test
  @DisplayName("S-17 an image with any byte changed, cut or added is refused")
  void everyDamagedByteIsFound() {
    Random random = new Random(6);
    for (int i = 0; i < pieces.size(); i++) {
      Bytes piece = pieces.get(i);
      for (int at = 0; at < piece.length(); at++) {
        byte[] flipped = piece.toByteArray();
        flipped[at] ^= (byte) (random.nextBoolean() ? 1 << random.nextInt(8) : 0xff);
        refused(with(i, Bytes.wrap(flipped)));
        refused(with(i, piece.slice(0, at)));
      }
      refused(with(i, piece.slice(0, piece.length() + 1))); // which appends a zero
    }
  }

  @Test
  @DisplayName("S-17 garbage after a true head is refused")
  void garbageIsRefused() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 50_000; i++) {
      ByteWriter garbage = new ByteWriter().u8(1).u8(2 + random.nextInt(3)).i32(1);
      if (random.nextBoolean()) {
        garbage.u16(1 + random.nextInt(3));
      }
      byte[] noise = new byte[random.nextInt(100)];
      random.nextBytes(noise);
      garbage.raw(noise, 0, noise.length);
      DStore.Loader loader = new DStore.Loader(BOUNDS, false);
      loader.add(pieces.get(0));
      assertThatThrownBy(() -> loader.add(garbage.toBytes()))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  @DisplayName("S-17 counts that lie take no memory")
  void countsAreNotBelieved() {
    ByteWriter head = new ByteWriter().u8(1).u8(1).i32(0).i64(9).i64(0);
    Bytes many = head.i32(Integer.MAX_VALUE).i32(5).i64(0).toBytes();
    ByteWriter client = new ByteWriter().u8(1).u8(3).i32(1).i64(1).i64(1).i64(0).i64(1).i64(0);
    refused(List.of(many, client.i32(6).toBytes()));
    refused(List.of(many, new ByteWriter().u8(1).u8(4).i32(1).toBytes()));
  }

  @Test
  void aNewerFormatIsRefusedWithWordsThatSaySo() {
    byte[] newer = pieces.get(0).toByteArray();
    newer[0] = 3;
    assertThatThrownBy(() -> DStore.loader().add(Bytes.wrap(newer)))
        .isInstanceOf(MalformedException.class)
        .hasMessage(
            "an image in format 3, newer than format 2 of this program:"
                + " update the program on this node");
  }

  @Test
  void aLoaderIsOfNoUseAfterAFailureOrTheEnd() throws Exception {
    DStore.Loader failed = new DStore.Loader(BOUNDS, false);
    assertThatThrownBy(() -> failed.add(pieces.get(1))).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> failed.add(pieces.get(0))).isInstanceOf(MalformedException.class);
    assertThatThrownBy(failed::finish).isInstanceOf(MalformedException.class);

    DStore.Loader ended = new DStore.Loader(BOUNDS, false);
    for (Bytes piece : pieces) {
      ended.add(piece);
    }
    ended.finish();
    assertThatThrownBy(ended::finish).isInstanceOf(IllegalStateException.class);
  }

  private static Bytes put(String key, int valueBytes) {
    return StoreCodec.encode(
        new StoreCommand.Put(Origin.NONE, Bytes.utf8(key), Bytes.wrap(new byte[valueBytes])));
  }

  private static List<Bytes> with(int position, Bytes piece) {
    List<Bytes> changed = new ArrayList<>(pieces);
    changed.set(position, piece);
    return changed;
  }

  private static List<Bytes> renumbered(List<Bytes> made) {
    List<Bytes> numbered = new ArrayList<>();
    for (Bytes piece : made) {
      ByteWriter writer = new ByteWriter().raw(piece);
      writer.setI32(2, numbered.size());
      numbered.add(writer.toBytes());
    }
    return numbered;
  }

  private static void refused(List<Bytes> image) {
    assertThatThrownBy(() -> Images.load(image, BOUNDS)).isInstanceOf(MalformedException.class);
  }
}
