package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rale.bytes.Bytes;

final class SipHashTest {

  /** From the reference implementation: the hash of the bytes 0, 1, 2, ... below the length. */
  @ParameterizedTest
  @CsvSource({
    "0, 726fdb47dd0e0e31",
    "1, 74f839c593dc67fd",
    "2, 0d6c8009d9a94f5a",
    "3, 85676696d7fb7e2d",
    "4, cf2794e0277187b7",
    "5, 18765564cd99a68d",
    "6, cbc9466e58fee3ce",
    "7, ab0200f58b01d137",
    "8, 93f5f5799a932462",
    "15, a129ca6149be45e5",
    "16, 3f2acc7f57c29bdb",
    "17, 699ae9f52cbe4794",
    "23, a80c038ccd5ccec8",
    "24, b8ad50c6f649af94",
    "31, 32d892fad841c342",
    "32, 7127512f72f27cce",
    "33, a7f32346f95978e3",
    "40, 0e3ea96b5304a7d0",
    "47, d06c98cd5c0975eb",
    "55, 245731c13ca42499",
    "56, b78dbfaf3a8d83bd",
    "62, e51b38608ef25f57",
    "63, 958a324ceb064572",
  })
  void agreesWithThePublishedVectors(int length, String expected) {
    byte[] message = new byte[length];
    for (int i = 0; i < length; i++) {
      message[i] = (byte) i;
    }
    assertThat(SipHash.of(message)).isEqualTo(Long.parseUnsignedLong(expected, 16));
  }

  @Test
  void wordsCountAsTheirLittleEndianBytes() {
    assertThat(new SipHash().finish()).isEqualTo(SipHash.of(new byte[0]));
    assertThat(new SipHash().add(0x0706050403020100L).finish())
        .isEqualTo(SipHash.of(new byte[] {0, 1, 2, 3, 4, 5, 6, 7}));
    SplittableRandom random = new SplittableRandom(1);
    for (int words = 2; words < 300; words++) {
      ByteBuffer bytes = ByteBuffer.allocate(words * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      SipHash hash = new SipHash();
      for (int i = 0; i < words; i++) {
        long word = random.nextLong();
        bytes.putLong(word);
        hash.add(word);
      }
      assertThat(hash.finish()).isEqualTo(SipHash.of(bytes.array()));
    }
  }

  @Test
  void partsTheKeysThatJavaHashesAlike() {
    Set<Long> hashes = new HashSet<>();
    Set<Integer> javaHashes = new HashSet<>();
    for (int i = 0; i < 1 << 12; i++) {
      StringBuilder key = new StringBuilder();
      for (int bit = 0; bit < 12; bit++) {
        key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      Bytes bytes = Bytes.utf8(key.toString());
      hashes.add(SipHash.of(bytes.toByteArray()));
      javaHashes.add(bytes.hashCode());
    }
    assertThat(javaHashes).hasSize(1);
    assertThat(hashes).hasSize(1 << 12);
  }
}
