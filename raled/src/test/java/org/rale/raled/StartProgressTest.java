package org.rale.raled;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.command.Form;
import org.rale.command.ReplyRenderer;
import org.rale.request.Request;
import org.rale.request.Response;
import org.slf4j.LoggerFactory;

class StartProgressTest {
  private final AtomicLong clock = new AtomicLong();
  private final StartProgress progress = new StartProgress(3, "north", clock::get);

  private String status() {
    Form form = new Form.Text(new Request.Status());
    return new String(ReplyRenderer.render(form, progress.status()), StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("STATUS says how far the start is, and -1 for what only the file knows")
  void statusWhileStarting() {
    assertThat(status())
        .startsWith(
            "STATUS: node_id=3, role=follower, cluster_size=-1, leader_id=-1, term=-1,"
                + " voted_for=-1, last_log_index=-1, last_log_term=-1, commit_index=-1,"
                + " last_applied=-1, node_name=north, state=starting, read_bytes=0, file_bytes=0");
    progress.read(7 << 20, 20 << 20);
    assertThat(status()).contains("read_bytes=7340032, file_bytes=20971520");
  }

  @Test
  @DisplayName("the log is told every two seconds how far it is, and nothing of a short start")
  void aLongStartIsTold() {
    Logger logger = (Logger) LoggerFactory.getLogger(StartProgress.class);
    Level before = logger.getLevel();
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    logger.setLevel(Level.INFO);
    logger.addAppender(told);
    told.start();
    try {
      at(1_999).read(4 << 20, 20 << 20);
      assertThat(told.list).isEmpty();
      at(2_000).read(7 << 20, 20 << 20);
      at(3_999).read(8 << 20, 20 << 20);
      at(4_000).read(15 << 20, 20 << 20);
    } finally {
      logger.detachAppender(told);
      logger.setLevel(before);
    }
    assertThat(told.list.stream().map(ILoggingEvent::toString))
        .containsExactly(
            "[INFO] reading cluster.db: 7 of 20 MiB, 35 %",
            "[INFO] reading cluster.db: 15 of 20 MiB, 75 %");
  }

  private StartProgress at(long millis) {
    clock.set(TimeUnit.MILLISECONDS.toNanos(millis));
    return progress;
  }

  @Test
  void otherRequestsAreRefusedWithTheReason() {
    progress.read(7 << 20, 20 << 20);
    Response.Failed refusal = progress.refusal();
    assertThat(refusal.message()).isEqualTo("node 3 is starting");
    assertThat(refusal.detail()).isEqualTo("reading cluster.db: 7 of 20 MiB, 35 %");
    assertThat(refusal.hint()).contains("try again");
  }
}
