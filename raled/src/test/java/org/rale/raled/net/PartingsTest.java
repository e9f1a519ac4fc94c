package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class PartingsTest {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  @Test
  void theSameRefusalIsNewsOnceAMinute() {
    Partings partings = new Partings();
    assertThat(partings.levelOfRefusal(2, "another disk", 0)).isEqualTo(Level.WARN);
    assertThat(partings.levelOfRefusal(2, "another disk", MINUTE / 2)).isEqualTo(Level.DEBUG);
    assertThat(partings.levelOfRefusal(3, "another disk", MINUTE / 2)).isEqualTo(Level.WARN);
    assertThat(partings.levelOfRefusal(2, "another cluster", MINUTE / 2)).isEqualTo(Level.WARN);
    assertThat(partings.levelOfRefusal(3, "another disk", 2 * MINUTE)).isEqualTo(Level.WARN);
  }

  @Test
  void linksOfWhoHasJustPartedAreNoNews() {
    Partings partings = new Partings();
    assertThat(partings.levelOfNews(2, 0)).isEqualTo(Level.INFO);
    partings.note(2, 0);
    assertThat(partings.levelOfNews(2, MINUTE / 2)).isEqualTo(Level.DEBUG);
    assertThat(partings.levelOfNews(2, MINUTE)).isEqualTo(Level.INFO);
  }
}
