package org.rale.command;

import java.util.OptionalInt;
import org.rale.bytes.Bytes;
import org.rale.command.ParsedLine.Parsed;
import org.rale.request.Request;

/** Reads the text requests that wait for news: those alone say how long their client waits. */
final class TextWatches {
  private static final String FROM = "FROM";

  private TextWatches() {}

  static Parsed parse(Verb verb, Words words) throws RefusedException {
    return switch (verb) {
      case WATCH -> watch(words);
      case WAIT -> await(words);
      case WATCH_LEADER -> leader(words);
      default -> throw new IllegalStateException(verb + " does not wait");
    };
  }

  private static Parsed leader(Words words) throws RefusedException {
    if (words.atEnd()) {
      return end(Verb.WATCH_LEADER, words, new Request.WatchLeader());
    }
    boolean none = words.skip("-1");
    long leaderId = none ? -1 : Arguments.number("leader_id", words.text());
    String term = TextRequests.required(Verb.WATCH_LEADER, "a term", words);
    return end(
        Verb.WATCH_LEADER,
        words,
        new Request.WatchLeader(
            (int) JsonMember.LEADER_ID.inRange(leaderId), Arguments.number("term", term)));
  }

  /**
   * FROM is no prefix, unless it stands there twice. Nor is it one with nothing behind it: a script
   * whose revision is empty by mistake would be told another prefix's changes, none mostly.
   */
  private static Parsed watch(Words words) throws RefusedException {
    Bytes word = words.word();
    boolean all = word.toText().equalsIgnoreCase(FROM) && !words.comes(FROM);
    Bytes prefix = Arguments.prefix(all ? Bytes.EMPTY : word);
    if (!all && !words.skip(FROM)) {
      TextRequests.end(Verb.WATCH, words);
      return end(Verb.WATCH, words, new Request.Watch(prefix));
    }
    String from = TextRequests.required(Verb.WATCH, "a revision", words);
    return end(
        Verb.WATCH, words, new Request.Watch(prefix, Arguments.number("the revision", from)));
  }

  private static Parsed await(Words words) throws RefusedException {
    Bytes key = TextRequests.key(Verb.WAIT, words);
    long revision = words.atEnd() ? 0 : Arguments.number("the revision", words.text());
    return end(Verb.WAIT, words, new Request.Wait(key, revision));
  }

  private static Parsed end(Verb verb, Words words, Request request) throws RefusedException {
    OptionalInt timeoutMs = OptionalInt.empty();
    if (!words.atEnd()) {
      long ms = Arguments.number("timeout_ms", words.text());
      timeoutMs = OptionalInt.of((int) JsonMember.TIMEOUT_MS.inRange(ms));
    }
    TextRequests.end(verb, words);
    return new Parsed(request, new Form.Text(request), timeoutMs);
  }
}
