package org.rale.ralectrl.commands;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rale.ralectrl.client.Answer;
import org.rale.ralectrl.client.Client;
import org.rale.ralectrl.client.Target;
import org.rale.ralectrl.output.Failure;
import org.rale.ralectrl.output.Output;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * What a command works with, for one run of the program.
 *
 * @param input the standard input
 * @param terminal whether somebody sees the standard error as it comes
 */
public record Session(
    GlobalOptions options,
    Map<String, String> environment,
    InputStream input,
    Output output,
    boolean terminal) {
  /** For a request. */
  static final Duration SHORT = Duration.ofSeconds(5);

  /** For what has to wait for a process to start or to end, or for a node to catch up. */
  static final Duration LONG = Duration.ofSeconds(60);

  /** How an answer looks as text. */
  interface Text<R extends Response> {
    void print(R response) throws Failure, IOException;
  }

  /** Asks, and prints the answer: as the server wrote it for JSON, else in the given form. */
  <R extends Response> void show(Request request, Class<R> type, Text<R> text)
      throws Failure, IOException {
    show(request, SHORT, type, text);
  }

  <R extends Response> void show(Request request, Duration patience, Class<R> type, Text<R> text)
      throws Failure, IOException {
    show(servers(), request, patience, type, text);
  }

  <R extends Response> void show(
      List<Target> servers, Request request, Duration patience, Class<R> type, Text<R> text)
      throws Failure, IOException {
    Answer answer = new Client(servers, timeout(patience)).ask(request);
    R response = answer.as(type);
    if (output.isJson()) {
      output.line(answer.json());
    } else {
      text.print(response);
    }
  }

  List<Target> servers() throws Failure {
    return Where.to(options, environment);
  }

  /**
   * The servers, those that are in a cluster first. For what a node in no cluster would carry out
   * too, and otherwise: an emptied node that is given its own ADD founds a second cluster.
   */
  List<Target> membersFirst() throws Failure {
    List<Target> all = servers();
    if (all.size() == 1) {
      return all;
    }
    List<Target> members = new ArrayList<>();
    List<Target> others = new ArrayList<>();
    for (Target server : all) {
      (isMember(server) ? members : others).add(server);
    }
    members.addAll(others);
    return members;
  }

  private boolean isMember(Target server) throws Failure {
    Duration each = timeout(SHORT).dividedBy(servers().size());
    try {
      Answer answer = new Client(List.of(server), each).ask(new Request.Status());
      return answer.as(Response.StatusReport.class).fields().stream()
          .anyMatch(field -> field.name().equals("cluster_size") && !field.value().equals("0"));
    } catch (Failure e) {
      return false;
    }
  }

  /**
   * How long to wait.
   *
   * @param patience where the user does not say
   */
  Duration timeout(Duration patience) throws Failure {
    String timeout = options.timeout();
    return timeout == null ? patience : Texts.seconds("--timeout", timeout);
  }

  /** The configuration file for commands that are about one node of this machine. */
  String config(String command) throws Failure {
    String config = options.config();
    if (config == null) {
      throw Given.wrong(command, "--config FILE is missing");
    }
    return config;
  }
}
