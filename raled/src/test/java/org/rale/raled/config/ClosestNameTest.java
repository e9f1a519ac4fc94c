package org.rale.raled.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClosestNameTest {

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
    assertThat(ClosestName.distance(one, other)).isEqualTo(edits);
    assertThat(ClosestName.distance(other, one)).isEqualTo(edits);
  }

  @ParameterizedTest
  @CsvSource({
    "nodeid, node_id",
    "node-id, node_id",
    "NODE_NMAE, node_name",
    "election_timeout, election_timeout_max",
    "datadir, data_dir",
    "log_levels, log_level",
    "rale-prot, rale_port",
    "sokcet_path, socket_path",
    "ptah, path",
  })
  void theNameThatWasProbablyMeant(String typed, String meant) {
    assertThat(ClosestName.find(typed, Keys.names())).hasValue(meant);
  }

  @Test
  void aNameLikeNoOtherHasNone() {
    assertThat(ClosestName.find("x", Keys.names())).isEmpty();
    assertThat(ClosestName.find("something_else", Keys.names())).isEmpty();
    assertThat(ClosestName.find("a".repeat(10_000), Keys.names())).isEmpty();
  }
}
