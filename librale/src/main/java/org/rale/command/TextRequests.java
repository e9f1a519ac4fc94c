package org.rale.command;

import static org.rale.command.RefusedException.badRequest;

import java.util.Locale;
import java.util.OptionalInt;
import org.rale.bytes.Bytes;
import org.rale.command.ParsedLine.Answered;
import org.rale.command.ParsedLine.Parsed;
import org.rale.command.ParsedLine.Rejected;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.request.Limits;
import org.rale.request.Request;

/**
 * Reads text requests.
 *
 * <p>White space around the verb and the words behind it does not count, in front of the line and
 * at its end neither. The one exception is a value: it is all that stands behind the single space
 * that ends the word before it, so {@code PUT k v} stores " v", and {@code PUT k } the empty value.
 *
 * <p>{@code PUT key=value} is understood where no white space follows the word: {@code PUT a=b c}
 * is the key "a=b", since the form with the space must be able to name every key that GET can.
 */
final class TextRequests {
  private final Arguments arguments;

  TextRequests(Arguments arguments) {
    this.arguments = arguments;
  }

  ParsedLine parse(byte[] array, int from, int to) {
    Form unknown = new Form.Text(null);
    try {
      checkText(array, from, to);
      Words words = new Words(array, from, to);
      if (words.atEnd()) {
        throw badRequest("Empty command", "HELP lists the commands");
      }
      Verb verb = words.verb();
      if (verb == null) {
        throw Arguments.unknownCommand(words.text());
      }
      if (verb == Verb.KEEP_ALIVE || verb == Verb.HELP) {
        end(verb, words);
        return new Answered(verb == Verb.HELP ? help() : "OK", unknown);
      }
      if (verb == Verb.WATCH_LEADER || verb == Verb.WATCH || verb == Verb.WAIT) {
        return TextWatches.parse(verb, words);
      }
      Request request = request(verb, words);
      return new Parsed(request, new Form.Text(request), OptionalInt.empty());
    } catch (RefusedException e) {
      return new Rejected(e.failure(), unknown);
    }
  }

  private static void checkText(byte[] array, int from, int to) throws RefusedException {
    int bad = Utf8.firstNotOneLine(array, from, to);
    if (bad < 0) {
      return;
    }
    boolean malformed = Utf8.codePoint(array, bad, to) == Utf8.MALFORMED;
    throw badRequest(
        String.format(
            Locale.ROOT,
            "the line has %s, byte 0x%02x at position %d",
            malformed ? "bytes that are no UTF-8" : "a control character",
            array[bad] & 0xff,
            bad - from + 1),
        "send such keys and values in the JSON form");
  }

  private Request request(Verb verb, Words words) throws RefusedException {
    return switch (verb) {
      case GET -> get(words);
      case PUT -> put(words);
      case CAS -> cas(words);
      case DELETE -> delete(words);
      case KEYS -> keys(words);
      case PING -> alone(verb, words, new Request.Ping());
      case STATUS -> alone(verb, words, new Request.Status());
      case LIST -> alone(verb, words, new Request.ListNodes());
      case ADD -> add(words);
      case REMOVE -> remove(words);
      case TRANSFER -> transfer(words);
      case BACKUP -> backup(words);
      case STOP -> alone(verb, words, new Request.Stop());
      case LEASE_GRANT -> leaseGrant(words);
      case LEASE_KEEPALIVE -> new Request.LeaseKeepAlive(lease(verb, words));
      case LEASE_REVOKE ->
          new Request.Change(new StoreCommand.LeaseRevoke(Origin.NONE, lease(verb, words)));
      case LEASE_LIST -> alone(verb, words, new Request.Leases());
      case LEASE_PUT -> leasePut(words);
      case TXN ->
          throw badRequest(
              "TXN has no text form",
              "send it as JSON:"
                  + " {\"command\":\"TXN\",\"compare\":[...],\"then\":[...],\"else\":[...]}");
      case WATCH_LEADER, WATCH, WAIT, KEEP_ALIVE, HELP ->
          throw new IllegalStateException(verb + " is read elsewhere");
    };
  }

  private static Request get(Words words) throws RefusedException {
    Bytes key = key(Verb.GET, words);
    boolean local = words.skip("LOCAL");
    end(Verb.GET, words);
    return new Request.Get(key, local);
  }

  private Request put(Words words) throws RefusedException {
    if (words.atEnd()) {
      throw badRequest("PUT requires a key and a value", usage(Verb.PUT));
    }
    Bytes key = words.spaceFollows() ? words.wordAlone() : words.wordUpTo('=');
    if (key == null) {
      throw badRequest(
          "PUT requires a value", usage(Verb.PUT) + "; for an empty value write PUT key=");
    }
    Arguments.key(key);
    Bytes value = arguments.value(words.valueBehindMark());
    return new Request.Change(new StoreCommand.Put(Origin.NONE, key, value));
  }

  private Request cas(Words words) throws RefusedException {
    Bytes key = key(Verb.CAS, words);
    if (words.atEnd()) {
      throw badRequest("CAS requires a revision", usage(Verb.CAS));
    }
    boolean valueFollows = words.spaceFollows();
    long expected = Arguments.number("the revision", words.wordAlone().toText());
    if (!valueFollows) {
      throw badRequest(
          "CAS requires a value",
          usage(Verb.CAS) + "; an empty value has one space in front of it");
    }
    Bytes value = arguments.value(words.valueBehindMark());
    return new Request.Change(new StoreCommand.CompareAndSet(Origin.NONE, key, expected, value));
  }

  private static Request delete(Words words) throws RefusedException {
    Bytes key = key(Verb.DELETE, words);
    end(Verb.DELETE, words);
    return new Request.Change(new StoreCommand.Delete(Origin.NONE, key));
  }

  private static Request keys(Words words) throws RefusedException {
    Bytes prefix = Arguments.prefix(words.word());
    end(Verb.KEYS, words);
    return new Request.Keys(prefix, Limits.MAX_KEYS);
  }

  private static Request add(Words words) throws RefusedException {
    String id = required(Verb.ADD, "a node id", words);
    String name = required(Verb.ADD, "a node name", words);
    String host = required(Verb.ADD, "an ip", words);
    String ralePort = required(Verb.ADD, "a rale_port", words);
    String dstorePort = required(Verb.ADD, "a dstore_port", words);
    end(Verb.ADD, words);
    return Arguments.add(
        Arguments.number("the node id", id),
        name,
        host,
        Arguments.number("rale_port", ralePort),
        Arguments.number("dstore_port", dstorePort));
  }

  private static Request remove(Words words) throws RefusedException {
    String id = required(Verb.REMOVE, "a node id", words);
    end(Verb.REMOVE, words);
    return new Request.Remove(Arguments.nodeId(Arguments.number("the node id", id)));
  }

  private static Request transfer(Words words) throws RefusedException {
    if (words.atEnd()) {
      return new Request.Transfer(0);
    }
    String id = words.text();
    end(Verb.TRANSFER, words);
    return new Request.Transfer(Arguments.nodeId(Arguments.number("the node id", id)));
  }

  private static Request backup(Words words) throws RefusedException {
    boolean local = words.skip("LOCAL");
    if (local || words.atEnd()) {
      end(Verb.BACKUP, words);
      return new Request.Backup(local);
    }
    String id = words.text();
    String piece = required(Verb.BACKUP, "a piece", words);
    end(Verb.BACKUP, words);
    return Arguments.backupPiece(
        Arguments.number("the backup id", id), Arguments.number("the piece", piece));
  }

  private static Request leaseGrant(Words words) throws RefusedException {
    String ttl = required(Verb.LEASE_GRANT, "a ttl in seconds", words);
    end(Verb.LEASE_GRANT, words);
    return new Request.Change(new StoreCommand.LeaseGrant(Origin.NONE, Arguments.ttlMs(ttl)));
  }

  private static long lease(Verb verb, Words words) throws RefusedException {
    String lease = required(verb, "a lease", words);
    end(verb, words);
    return Arguments.lease(lease);
  }

  private Request leasePut(Words words) throws RefusedException {
    long lease = Arguments.lease(required(Verb.LEASE_PUT, "a lease", words));
    if (words.atEnd()) {
      throw badRequest("LEASE PUT requires a key", usage(Verb.LEASE_PUT));
    }
    boolean valueFollows = words.spaceFollows();
    Bytes key = Arguments.key(words.wordAlone());
    if (!valueFollows) {
      throw badRequest(
          "LEASE PUT requires a value",
          usage(Verb.LEASE_PUT) + "; an empty value has one space in front of it");
    }
    Bytes value = arguments.value(words.valueBehindMark());
    return new Request.Change(new StoreCommand.Put(Origin.NONE, key, value, lease));
  }

  private static Request alone(Verb verb, Words words, Request request) throws RefusedException {
    end(verb, words);
    return request;
  }

  static Bytes key(Verb verb, Words words) throws RefusedException {
    if (words.atEnd()) {
      throw badRequest(verb + " requires a key", usage(verb));
    }
    return Arguments.key(words.word());
  }

  static String required(Verb verb, String what, Words words) throws RefusedException {
    if (words.atEnd()) {
      throw badRequest(verb + " requires " + what, usage(verb));
    }
    return words.text();
  }

  static void end(Verb verb, Words words) throws RefusedException {
    if (!words.atEnd()) {
      throw badRequest(
          verb + " does not take '" + Arguments.shown(words.text()) + "'", usage(verb));
    }
  }

  private static String usage(Verb verb) {
    return "usage: " + verb.usage();
  }

  private static String help() {
    return "OK: " + String.join(", ", Verb.all().stream().map(Verb::usage).toList());
  }
}
