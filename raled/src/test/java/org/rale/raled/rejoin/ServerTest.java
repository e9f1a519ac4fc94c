package org.rale.raled.rejoin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTest {
  @Test
  void namesAndAddresses() {
    assertThat(Server.parse("db1.example:7401, [::1]:1,10.0.0.1:65535"))
        .containsExactly(
            new Server("db1.example", 7401), new Server("::1", 1), new Server("10.0.0.1", 65535))
        .extracting(Server::toString)
        .containsExactly("db1.example:7401", "[::1]:1", "10.0.0.1:65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a:", ":1", "a:0", "a:65536", "a:1,", "::1:1", "a:b", "a:1:2"})
  void whatIsNoServer(String text) {
    assertThatThrownBy(() -> Server.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected HOST:PORT");
  }
}
