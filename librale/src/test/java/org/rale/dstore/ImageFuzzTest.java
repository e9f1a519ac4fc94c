package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.fuzz.Cost;

/**
 * The image of a table, as it comes from a leader or a file: pieces, each behind its length (u16).
 * An image has one form for each state, so what is taken gives the same image again. The state hash
 * in the head is put right where it alone is wrong, since no fuzzer would guess it.
 */
final class ImageFuzzTest {
  private static final SessionBounds BOUNDS = new SessionBounds(5, 6, 20);
  private static final int PIECE_BYTES = 300;
  private static final int HASH_AT = ImageFormat.PIECE_HEADER_BYTES + 8 + 8 + 4 + 4;
  private static final int FIXED_BYTES = 1 << 20;
  private static final Pattern RIGHT_HASH = Pattern.compile("has state hash ([0-9a-f]+),");

  static Stream<byte[]> seeds() throws Exception {
    return Stream.of(
        seed(0, PIECE_BYTES), seed(3, PIECE_BYTES), seed(40, PIECE_BYTES), seed(40, 1));
  }

  private static byte[] seed(int commands, int pieceBytes) throws Exception {
    DStore store = new DStore(BOUNDS);
    RandomCommands random = new RandomCommands(new Random(commands), 9, 3);
    NaiveStore model = new NaiveStore(BOUNDS);
    for (long index = 1; index <= commands; index++) {
      StoreCommand command = random.next(index, model);
      model.apply(index, command);
      store.apply(index, StoreCodec.encode(command));
    }
    ByteWriter out = new ByteWriter();
    for (Bytes piece : Images.pieces(store.freeze(), pieceBytes)) {
      out.u16(piece.length()).raw(piece);
    }
    return out.toBytes().toByteArray();
  }

  @MethodSource("seeds")
  @FuzzTest
  void image(byte[] input) throws Exception {
    List<Bytes> pieces = pieces(input);
    DStore store;
    try {
      store = Cost.bounded(input.length, FIXED_BYTES, () -> load(pieces));
    } catch (MalformedException e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    List<Bytes> image = Images.pieces(store.freeze(), PIECE_BYTES);
    DStore again = Images.load(image, BOUNDS);
    assertThat(again.appliedIndex()).isEqualTo(store.appliedIndex());
    assertThat(again.stateHash()).isEqualTo(store.stateHash());
    assertThat(again.size()).isEqualTo(store.size());
    assertThat(again.liveBytes()).isEqualTo(store.liveBytes());
    assertThat(Images.pieces(again.freeze(), PIECE_BYTES)).isEqualTo(image);
    assertThat(content(image)).isEqualTo(content(pieces));
  }

  private static List<Bytes> pieces(byte[] input) throws MalformedException {
    ByteReader in = new ByteReader(input);
    List<Bytes> pieces = new ArrayList<>();
    while (in.remaining() >= 2) {
      pieces.add(in.raw(Math.min(in.u16(), in.remaining())));
    }
    return pieces;
  }

  private static DStore load(List<Bytes> pieces) throws MalformedException {
    try {
      return Images.load(pieces, BOUNDS);
    } catch (MalformedException e) {
      Matcher right = RIGHT_HASH.matcher(e.getMessage());
      if (!right.find()) {
        throw e;
      }
      byte[] head = pieces.get(0).toByteArray();
      Bytes hash = new ByteWriter().i64(Long.parseUnsignedLong(right.group(1), 16)).toBytes();
      System.arraycopy(hash.toByteArray(), 0, head, HASH_AT, 8);
      pieces.set(0, Bytes.wrap(head));
      return Images.load(pieces, BOUNDS);
    }
  }

  /** What the pieces say, however it was cut into pieces. */
  private static Bytes content(List<Bytes> pieces) {
    ByteWriter out = new ByteWriter();
    for (Bytes piece : pieces) {
      out.raw(piece.slice(ImageFormat.PIECE_HEADER_BYTES, piece.length()));
    }
    return out.toBytes();
  }
}
