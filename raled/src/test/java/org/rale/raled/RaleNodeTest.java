package org.rale.raled;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RaleNodeTest {
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
