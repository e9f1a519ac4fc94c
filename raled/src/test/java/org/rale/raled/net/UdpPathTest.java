package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class UdpPathTest {
  private static final int HEARTBEAT_MS = 50;

  private long now = -1_000;
  private final UdpPath path = new UdpPath(() -> now, HEARTBEAT_MS);

  @Test
  void aPathIsNotTrustedBeforeItHasShownItself() {
    assertThat(path.works()).isFalse();
    path.datagramCame(true);
    assertThat(path.works()).isTrue();
  }

  @Test
  void aPathIsSilentAfterFiveHeartbeats() {
    path.datagramCame(true);
    pass(5 * HEARTBEAT_MS - 1);
    assertThat(path.works()).isTrue();
    pass(1);
    assertThat(path.works()).isFalse();
    path.datagramCame(true);
    assertThat(path.works()).isTrue();
  }

  @Test
  void aPathThatTheOtherSideDoesNotHearDoesNotWork() {
    path.datagramCame(false);
    assertThat(path.hears()).isTrue();
    assertThat(path.works()).isFalse();
    path.datagramCame(true);
    assertThat(path.works()).isTrue();
    path.datagramCame(false);
    assertThat(path.works()).isFalse();
  }

  @Test
  void eachChangeIsToldOnce() {
    assertThat(path.hasChanged()).as("none works at first").isFalse();
    path.datagramCame(true);
    assertThat(path.hasChanged()).isTrue();
    assertThat(path.hasChanged()).isFalse();
    pass(5 * HEARTBEAT_MS);
    assertThat(path.hasChanged()).isTrue();
    assertThat(path.hasChanged()).isFalse();
  }

  private void pass(long ms) {
    now += TimeUnit.MILLISECONDS.toNanos(ms);
  }
}
