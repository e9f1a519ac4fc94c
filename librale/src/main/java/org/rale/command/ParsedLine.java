package org.rale.command;

import java.util.OptionalInt;
import org.rale.request.Request;
import org.rale.request.Response;

/** What became of a line. */
public sealed interface ParsedLine {

  /** How to word the reply. */
  Form form();

  /**
   * A request to carry out.
   *
   * @param timeoutMs how long the client is willing to wait, where it said so
   */
  record Parsed(Request request, Form form, OptionalInt timeoutMs) implements ParsedLine {}

  /** Not a request: render the failure in the form, and go on with the next line. */
  record Rejected(Response.Failed failure, Form form) implements ParsedLine {}

  /**
   * Answered here and now, such as HELP: nothing is left to do but send the reply.
   *
   * @param reply a line without its end
   */
  record Answered(String reply, Form form) implements ParsedLine {}
}
