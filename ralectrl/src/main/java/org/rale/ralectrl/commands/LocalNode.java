package org.rale.ralectrl.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.rale.ralectrl.client.Answer;
import org.rale.ralectrl.client.Client;
import org.rale.ralectrl.client.Deadline;
import org.rale.ralectrl.client.Target;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * A node that runs on this machine.
 *
 * @param pid its process; 0 where it did not say
 */
record LocalNode(Target.Unix socket, int id, long pid) {
  private static final long PAUSE_MS = 20;

  /**
   * The node that answers on the control socket.
   *
   * @throws Failure when none does
   */
  static LocalNode find(Target.Unix socket, Deadline deadline) throws Failure {
    Answer answer;
    try {
      answer = client(socket, deadline).ask(new Request.Status());
    } catch (Failure e) {
      if (e.code() != ErrorCode.NODE_UNREACHABLE) {
        throw e;
      }
      throw Failure.of(
          e.exitCode(), e.code(), "the node is not running", e.details(), "START starts it.");
    }
    Response.StatusReport status = answer.as(Response.StatusReport.class);
    return new LocalNode(socket, (int) number(status, "node_id"), number(status, "pid"));
  }

  /** Asks it to stop, and waits until it did. */
  void stop(Deadline deadline) throws Failure {
    try {
      client(socket, deadline).ask(new Request.Stop());
    } catch (Failure e) {
      // It may be gone before it could answer, or be on its way already: what counts is below.
      if (e.code() != ErrorCode.UNKNOWN_OUTCOME && e.code() != ErrorCode.SHUTTING_DOWN) {
        throw e;
      }
    }
    while (pid > 0 ? isAlive(pid) : answers(deadline)) {
      if (deadline.isOver()) {
        throw Failure.of(
            ExitCode.UNAVAILABLE,
            ErrorCode.TIMEOUT,
            "node %d did not stop in time".formatted(id),
            pid > 0 ? List.of("Its process is %d.".formatted(pid)) : List.of(),
            "It was asked to: see its log, or give it more time with --timeout.");
      }
      pause();
    }
  }

  /** Whether it runs: one that ended stays listed until its parent looks, which may be never. */
  private static boolean isAlive(long pid) {
    if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
      return false;
    }
    try {
      return !Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1)
          .contains(") Z ");
    } catch (IOException e) {
      // No such file system here, or the process ended this moment: the next look tells.
      return true;
    }
  }

  private boolean answers(Deadline deadline) {
    try {
      client(socket, deadline).ask(new Request.Ping());
      return true;
    } catch (Failure e) {
      return e.code() != ErrorCode.NODE_UNREACHABLE;
    }
  }

  static void pause() throws Failure {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(
          ExitCode.FAILED, ErrorCode.INTERNAL, "interrupted while waiting", List.of(), null);
    }
  }

  private static Client client(Target.Unix socket, Deadline deadline) {
    return new Client(List.of(socket), Duration.ofMillis(Math.max(1, deadline.leftMs())));
  }

  private static long number(Response.StatusReport status, String name) {
    for (Response.Field field : status.fields()) {
      if (field.name().equals(name) && field.value().matches("[0-9]{1,18}")) {
        return Long.parseLong(field.value());
      }
    }
    return 0;
  }
}
