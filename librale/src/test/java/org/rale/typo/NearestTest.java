package org.rale.typo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestTest {
  private static final List<String> KNOWN =
      List.of("node_id", "node_name", "election_timeout_max", "rale_port", "path", "socket_path");

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "a, '', 1",
    "abc, abc, 0",
    "abc, abd, 1",
    "abc, acb, 1",
    "abc, ab, 1",
    "kitten, sitting, 3",
    "path, apth, 1",
  })
  void editsAreCounted(String one, String other, int edits) {
    assertThat(Nearest.edits(one, other)).isEqualTo(edits);
    assertThat(Nearest.edits(other, one)).isEqualTo(edits);
  }

  @ParameterizedTest
  @CsvSource({
    "nodeid, node_id",
    "node_nmae, node_name",
    "election_timeout, election_timeout_max",
    "rale_prot, rale_port",
    "sokcet_path, socket_path",
    "ptah, path",
  })
  void theWordThatWasProbablyMeant(String typed, String meant) {
    assertThat(Nearest.to(typed, KNOWN)).hasValue(meant);
  }

  @Test
  void aWordLikeNoOtherHasNone() {
    assertThat(Nearest.to("x", KNOWN)).isEmpty();
    assertThat(Nearest.to("something_else", KNOWN)).isEmpty();
    assertThat(Nearest.to("a".repeat(10_000), KNOWN)).isEmpty();
  }
}
