package org.rale.ralectrl.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rale.ralectrl.client.Target;

/** One connection: what goes out when, which reply belongs to which request, what breaks it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LaneTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean stop = new AtomicBoolean();

  @AfterEach
  void end() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  /** GETs of keys 0, 1, 2, ..., and what became of them. */
  private static class Gets implements Work {
    final int count;
    final List<String> replies = new ArrayList<>();
    final List<Long> nanos = new ArrayList<>();
    final List<String> reasons = new ArrayList<>();
    int asked;
    int lost;

    Gets(int count) {
      this.count = count;
    }

    @Override
    public boolean next(RequestLines lines) {
      if (asked == count) {
        return false;
      }
      lines.get(asked++);
      return true;
    }

    @Override
    public void replied(Reply reply, long latency) {
      replies.add(reply.text());
      nanos.add(latency);
    }

    @Override
    public void lost(int requests, String why) {
      lost += requests;
      reasons.add(why);
    }

    @Override
    public boolean outlastsOutage() {
      return false;
    }
  }

  /** What a server does with its one connection. */
  private interface Conduct {
    void serve(BufferedReader in, OutputStream out) throws IOException;
  }

  private record Server(Target target, Future<?> end) {}

  private Server server(Conduct conduct) throws IOException {
    ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Callable<Void> work =
        () -> {
          try (listener;
              Socket socket = listener.accept()) {
            socket.setTcpNoDelay(true);
            conduct.serve(
                new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)),
                socket.getOutputStream());
          }
          return null;
        };
    return new Server(new Target.Tcp("127.0.0.1", listener.getLocalPort()), threads.submit(work));
  }

  private static Settings settings(int valueBytes) {
    return new Settings(
        Operation.GET, 90, valueBytes, 1000, 1, 1, PATIENT, Duration.ZERO, "b/", 1, PATIENT);
  }

  private static RequestLines lines(int valueBytes) {
    return new RequestLines(settings(valueBytes), RequestLines.text(settings(valueBytes)));
  }

  private void run(Work work, int outstanding, Duration timeout, Server... servers)
      throws Exception {
    List<Target> targets = List.of(servers).stream().map(Server::target).toList();
    Lane lane = new Lane(targets, timeout, outstanding, lines(10), work, stop::get);
    lane.connect();
    new Driver(List.of(lane), threads).run();
  }

  private static String request(int key) {
    return "GET b/%09d".formatted(key);
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(US_ASCII));
    out.flush();
  }

  @Test
  void repliesMayBeCutAnywhere() throws Exception {
    Gets work = new Gets(200);
    Server server =
        server(
            (in, out) -> {
              StringBuilder replies = new StringBuilder();
              for (int key = 0; key < 200; key++) {
                assertThat(in.readLine()).isEqualTo(request(key));
                replies.append("OK: value").append(key).append('\n');
              }
              for (int at = 0, step = 1; at < replies.length(); at += step, step = step % 7 + 1) {
                write(out, replies.substring(at, Math.min(replies.length(), at + step)));
              }
            });
    run(work, 200, PATIENT, server);
    server.end().get();
    assertThat(work.replies).hasSize(200);
    for (int key = 0; key < 200; key++) {
      assertThat(work.replies.get(key)).isEqualTo("OK: value" + key);
    }
    assertThat(work.nanos).allMatch(each -> each > 0);
    assertThat(work.lost).isZero();
  }

  @Test
  void eachReplyMakesRoomForOneRequest() throws Exception {
    Gets work = new Gets(20);
    Server server =
        server(
            (in, out) -> {
              for (int key = 0; key < 4; key++) {
                assertThat(in.readLine()).isEqualTo(request(key));
              }
              for (int key = 4; key < 20; key++) {
                assertThat(in.ready()).as("more than 4 under way").isFalse();
                write(out, "OK: x\n");
                assertThat(in.readLine()).isEqualTo(request(key));
              }
              write(out, "OK: x\nOK: x\nOK: x\nOK: x\n");
            });
    run(work, 4, PATIENT, server);
    server.end().get();
    assertThat(work.replies).hasSize(20);
  }

  @Test
  void errorsEndNothing() throws Exception {
    Gets work = new Gets(3);
    Server server =
        server(
            (in, out) -> {
              write(out, in.readLine().isEmpty() ? "" : "ERROR: no leader is known\n");
              write(out, in.readLine().isEmpty() ? "" : "OK: \n");
              write(out, in.readLine().isEmpty() ? "" : "\n");
            });
    run(work, 1, PATIENT, server);
    assertThat(work.replies).containsExactly("ERROR: no leader is known", "OK: ", "");
    assertThat(work.lost).isZero();
  }

  @Test
  void aBrokenConnectionLosesWhatIsUnderWayAndTheNextServerGetsTheRest() throws Exception {
    Gets work = new Gets(30);
    Server first =
        server(
            (in, out) -> {
              for (int key = 0; key < 13; key++) {
                assertThat(in.readLine()).isEqualTo(request(key));
                if (key < 3) {
                  write(out, "OK: first\n");
                }
              }
            });
    Server second =
        server(
            (in, out) -> {
              for (int key = 13; key < 30; key++) {
                assertThat(in.readLine()).isEqualTo(request(key));
                write(out, "OK: second\n");
              }
            });
    run(work, 10, PATIENT, first, second);
    first.end().get();
    second.end().get();
    assertThat(work.lost).isEqualTo(10);
    assertThat(work.reasons.get(0)).startsWith(first.target() + ": the server closed");
    assertThat(work.replies).hasSize(20).startsWith("OK: first", "OK: first", "OK: first");
    assertThat(work.replies.subList(3, 20)).containsOnly("OK: second");
  }

  @Test
  void aSilentServerIsLeft() throws Exception {
    Gets work = new Gets(6);
    Server silent =
        server(
            (in, out) -> {
              while (in.readLine() != null) {
                // Says nothing.
              }
            });
    Server second = server(LaneTest::echoing);
    run(work, 2, Duration.ofMillis(100), silent, second);
    silent.end().get();
    assertThat(work.lost).isEqualTo(2);
    assertThat(work.reasons).containsExactly(silent.target() + ": no reply within 100 ms");
    assertThat(work.replies).hasSize(4);
  }

  @Test
  void whatMustNotWaitEndsWhenNobodyIsLeft() throws Exception {
    Gets work = new Gets(5);
    Server only = server((in, out) -> write(out, in.readLine().isEmpty() ? "" : "OK: 1\n"));
    run(work, 1, PATIENT, only);
    assertThat(work.replies).containsExactly("OK: 1");
    // The system may take connections for the server until its port is closed.
    assertThat(work.reasons).last().asString().contains("no server could be");
  }

  @Test
  void aReplyToNothingBreaksTheConnection() throws Exception {
    Gets work = new Gets(2);
    Server first =
        server(
            (in, out) -> {
              in.readLine();
              in.readLine();
              write(out, "OK: 1\nOK: 2\nOK: 3\n");
            });
    // The third line is found together with the second one, when nothing is under way any more.
    run(work, 2, PATIENT, first);
    assertThat(work.replies).containsExactly("OK: 1", "OK: 2");
    assertThat(work.lost).isZero();
  }

  @Test
  void aReplyWithoutAnEndIsNotReadForEver() throws Exception {
    Gets work = new Gets(3);
    Server endless =
        server(
            (in, out) -> {
              byte[] piece = "x".repeat(64 << 10).getBytes(US_ASCII);
              for (int sent = 0; sent < (64 << 20); sent += piece.length) {
                try {
                  out.write(piece);
                } catch (IOException e) {
                  return;
                }
              }
              throw new IOException("all of it was read");
            });
    Server second = server(LaneTest::echoing);
    run(work, 1, PATIENT, endless, second);
    endless.end().get();
    assertThat(work.reasons.get(0)).contains("a reply has more than ");
    assertThat(work.replies).hasSize(2);
  }

  /** A blocking client would still write when such a server waits for its replies to be read. */
  @Test
  void largeValuesBothWaysDoNotBlock() throws Exception {
    int bytes = 256 << 10;
    Server server = server(LaneTest::echoing);
    Gets work =
        new Gets(64) {
          @Override
          public boolean next(RequestLines lines) {
            if (asked == count) {
              return false;
            }
            lines.put(asked++, 0);
            return true;
          }
        };
    Lane lane = new Lane(List.of(server.target()), PATIENT, 64, lines(bytes), work, stop::get);
    lane.connect();
    new Driver(List.of(lane), threads).run();
    assertThat(work.replies).hasSize(64);
    assertThat(work.lost).isZero();
  }

  @Test
  void afterAStopNothingMoreIsAsked() throws Exception {
    Gets work = new Gets(Integer.MAX_VALUE);
    Server server =
        server(
            (in, out) -> {
              for (int key = 0; key < 8; key++) {
                in.readLine();
              }
              stop.set(true);
              for (int key = 0; key < 8; key++) {
                write(out, "OK: x\n");
              }
              assertThat(in.readLine()).as("a request after the stop").isNull();
            });
    run(work, 8, PATIENT, server);
    server.end().get();
    assertThat(work.replies).hasSize(8);
  }

  private static void echoing(BufferedReader in, OutputStream out) throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      write(out, "OK: " + line + "\n");
    }
  }
}
