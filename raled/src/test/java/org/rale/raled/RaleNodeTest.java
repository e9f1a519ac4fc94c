package org.rale.raled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.FileStorage;

class RaleNodeTest {
  @TempDir Path dir;

  @Test
  void aFileThatIsDamagedIsToldInSentences() throws Exception {
    Files.write(dir.resolve("cluster.db"), new byte[8_192]);
    try (FileStorage storage = FileStorage.open(dir)) {
      assertThatThrownBy(() -> ClusterDb.open(storage, 1, new SplittableRandom(1)))
          .isInstanceOfSatisfying(
              ClusterDbException.class,
              e ->
                  assertThat(RaleNode.words(e))
                      .isEqualTo(
                          "file \""
                              + dir.resolve("cluster.db")
                              + "\" is damaged at byte 0. It does not begin as a"
                              + " cluster.db does: \"RALEDB\" was expected. If the cluster has"
                              + " other members, they hold the data, and raled --config FILE"
                              + " --rejoin brings the node back; by hand, REMOVE node 1, empty its"
                              + " data directory and ADD it again. Never put an older copy of the"
                              + " file back while the others live: it may have forgotten a"
                              + " vote. \"ralectrl DB check "
                              + dir.resolve("cluster.db")
                              + "\" says what is readable in it."));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:7400",
    "::1, [::1]:7400",
    "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:7400",
    "::, [::]:7400"
  })
  void theReadyLineHasAddressesAsPeopleWriteThem(String host, String words) {
    assertThat(RaleNode.address(new InetSocketAddress(host, 7400))).isEqualTo(words);
  }
}
