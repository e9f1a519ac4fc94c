package org.rale.command;

import static org.rale.command.RefusedException.badRequest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.command.ParsedLine.Answered;
import org.rale.command.ParsedLine.Parsed;
import org.rale.command.ParsedLine.Rejected;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.request.Limits;
import org.rale.request.Request;

/**
 * Reads JSON requests: one flat object each. Strict: a member that is unknown, has no use in the
 * command, stands twice or has another type is refused, because a misspelt "revsion" that is passed
 * over turns a guarded write into a blind one.
 */
final class JsonRequests {
  private final Arguments arguments;
  private final JsonTransactions transactions;
  private final JsonFactory factory = Json.factory();

  JsonRequests(Arguments arguments) {
    this.arguments = arguments;
    this.transactions = new JsonTransactions(arguments);
  }

  ParsedLine parse(byte[] array, int from, int to) {
    byte[] line = Arrays.copyOfRange(array, from, to);
    JsonFields fields = new JsonFields(line);
    try {
      read(line, fields);
      fields.throwFault();
      Verb verb = verb(fields);
      fields.allowOnly(verb);
      OptionalInt timeoutMs = timeoutMs(fields);
      if (verb == Verb.KEEP_ALIVE || verb == Verb.HELP) {
        Form.Json form = new Form.Json(null, fields.id());
        return new Answered(
            verb == Verb.HELP ? JsonReplies.help(form) : JsonReplies.ok(form), form);
      }
      Request request = request(verb, fields);
      return new Parsed(request, new Form.Json(request, fields.id()), timeoutMs);
    } catch (RefusedException e) {
      return new Rejected(e.failure(), new Form.Json(null, fields.id()));
    }
  }

  private void read(byte[] line, JsonFields fields) throws RefusedException {
    int bad = Utf8.firstNotJson(line, 0, line.length);
    if (bad >= 0) {
      throw badRequest(
          "the line is no JSON in UTF-8 at position " + (bad + 1),
          "send bytes that are no text as key_base64 or value_base64");
    }
    try (JsonParser parser = factory.createParser(line)) {
      JsonToken token = parser.nextToken();
      while ((token = parser.nextToken()) == JsonToken.FIELD_NAME) {
        fields.read(parser);
      }
      if (token != JsonToken.END_OBJECT || parser.nextToken() != null) {
        fields.fault("more follows the JSON object", "send one object a line");
      }
    } catch (JsonProcessingException e) {
      JsonLocation location = e.getLocation();
      String where = location == null ? "" : " at column " + location.getColumnNr();
      throw badRequest("malformed JSON" + where + ": " + fault(e), "send one JSON object a line");
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  /** What the parser says, without where the value began, which it words for programmers. */
  private static String fault(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    int origin = message.indexOf(" (start marker at ");
    return origin < 0 ? message : message.substring(0, origin);
  }

  private static Verb verb(JsonFields fields) throws RefusedException {
    String command = fields.requiredText(JsonMember.COMMAND);
    Verb verb = Verb.find(command);
    if (verb == null) {
      throw Arguments.unknownCommand(command);
    }
    return verb;
  }

  private static OptionalInt timeoutMs(JsonFields fields) throws RefusedException {
    if (!fields.has(JsonMember.TIMEOUT_MS)) {
      return OptionalInt.empty();
    }
    return OptionalInt.of((int) fields.requiredNumber(JsonMember.TIMEOUT_MS));
  }

  private Request request(Verb verb, JsonFields fields) throws RefusedException {
    return switch (verb) {
      case GET -> new Request.Get(key(fields), fields.flag(JsonMember.LOCAL));
      case PUT ->
          new Request.Change(
              new StoreCommand.Put(origin(fields), key(fields), value(fields), lease(fields)));
      case CAS ->
          new Request.Change(
              new StoreCommand.CompareAndSet(
                  origin(fields),
                  key(fields),
                  fields.requiredNumber(JsonMember.REVISION),
                  value(fields),
                  lease(fields)));
      case DELETE -> new Request.Change(new StoreCommand.Delete(origin(fields), key(fields)));
      case KEYS -> keys(fields);
      case WATCH ->
          new Request.Watch(
              prefix(fields),
              fields.has(JsonMember.FROM) ? fields.requiredNumber(JsonMember.FROM) : -1);
      case WAIT -> new Request.Wait(key(fields), fields.number(JsonMember.REVISION, 0));
      case PING -> new Request.Ping();
      case STATUS -> new Request.Status();
      case LIST -> new Request.ListNodes();
      case ADD ->
          Arguments.add(
              fields.requiredNumber(JsonMember.NODE_ID),
              fields.requiredText(JsonMember.NAME),
              fields.requiredText(JsonMember.IP),
              fields.requiredNumber(JsonMember.RALE_PORT),
              fields.requiredNumber(JsonMember.DSTORE_PORT));
      case REMOVE ->
          new Request.Remove((int) fields.requiredNumber(JsonMember.NODE_ID), incarnation(fields));
      case TRANSFER ->
          new Request.Transfer(
              fields.has(JsonMember.NODE_ID) ? (int) fields.requiredNumber(JsonMember.NODE_ID) : 0);
      case WATCH_LEADER -> watchLeader(fields);
      case BACKUP -> backup(fields);
      case STOP -> new Request.Stop();
      case TXN -> new Request.Change(transactions.parse(origin(fields), fields));
      case LEASE_GRANT ->
          new Request.Change(
              new StoreCommand.LeaseGrant(
                  origin(fields), fields.requiredNumber(JsonMember.TTL_MS)));
      case LEASE_KEEPALIVE -> new Request.LeaseKeepAlive(fields.requiredNumber(JsonMember.LEASE));
      case LEASE_REVOKE ->
          new Request.Change(
              new StoreCommand.LeaseRevoke(
                  origin(fields), fields.requiredNumber(JsonMember.LEASE)));
      case LEASE_LIST -> new Request.Leases();
      case LEASE_PUT ->
          throw badRequest("LEASE PUT is of the text form", "send PUT with the member 'lease'");
      case KEEP_ALIVE, HELP -> throw new IllegalStateException(verb + " has no request");
    };
  }

  /** 0 where none is given: whoever has the id is meant. */
  private static long incarnation(JsonFields fields) throws RefusedException {
    String text = fields.text(JsonMember.INCARNATION);
    try {
      return text == null ? 0 : Incarnation.parse(text);
    } catch (MalformedException e) {
      throw badRequest(
          String.valueOf(e.getMessage()), "give the one that LIST shows: 16 hexadecimal digits");
    }
  }

  private static Request keys(JsonFields fields) throws RefusedException {
    return new Request.Keys(prefix(fields), (int) fields.number(JsonMember.LIMIT, Limits.MAX_KEYS));
  }

  /** Empty where none is given. */
  private static Bytes prefix(JsonFields fields) throws RefusedException {
    Bytes prefix = bytes(fields, JsonMember.PREFIX, JsonMember.PREFIX_BASE64);
    return prefix == null ? Bytes.EMPTY : Arguments.prefix(prefix);
  }

  private static Request watchLeader(JsonFields fields) throws RefusedException {
    if (!fields.has(JsonMember.LEADER_ID) && !fields.has(JsonMember.TERM)) {
      return new Request.WatchLeader();
    }
    return new Request.WatchLeader(
        (int) fields.requiredNumber(JsonMember.LEADER_ID), fields.requiredNumber(JsonMember.TERM));
  }

  private static Request backup(JsonFields fields) throws RefusedException {
    if (!fields.has(JsonMember.BACKUP_ID) && !fields.has(JsonMember.PIECE)) {
      return new Request.Backup(fields.flag(JsonMember.LOCAL));
    }
    if (fields.has(JsonMember.LOCAL)) {
      throw badRequest(
          "'local' stands beside 'backup_id'", "it is for the request that begins a backup");
    }
    return Arguments.backupPiece(
        fields.requiredNumber(JsonMember.BACKUP_ID), fields.requiredNumber(JsonMember.PIECE));
  }

  /** 0 where none is given. */
  static long lease(JsonFields fields) throws RefusedException {
    return fields.number(JsonMember.LEASE, 0);
  }

  static Bytes key(JsonFields fields) throws RefusedException {
    return Arguments.key(required(fields, JsonMember.KEY, JsonMember.KEY_BASE64));
  }

  private Bytes value(JsonFields fields) throws RefusedException {
    return value(arguments, fields);
  }

  static Bytes value(Arguments arguments, JsonFields fields) throws RefusedException {
    return arguments.value(required(fields, JsonMember.VALUE, JsonMember.VALUE_BASE64));
  }

  private static Origin origin(JsonFields fields) throws RefusedException {
    String clientId = fields.text(JsonMember.CLIENT_ID);
    if (clientId == null) {
      for (JsonMember member : ClientId.MEMBERS) {
        if (fields.has(member)) {
          throw badRequest(
              "'" + member.jsonName() + "' stands without 'client_id'",
              "it says something of one client's changes");
        }
      }
      return Origin.NONE;
    }
    long sequence = fields.requiredNumber(JsonMember.SEQUENCE);
    long acknowledged =
        Arguments.number(
            "acknowledged", fields.number(JsonMember.ACKNOWLEDGED, 0), 0, sequence - 1);
    ClientId id = ClientId.parse(clientId);
    return new Origin(
        id.high(),
        id.low(),
        sequence,
        acknowledged,
        fields.flag(JsonMember.RETRY),
        fields.number(JsonMember.SINCE, 0));
  }

  private static Bytes required(JsonFields fields, JsonMember plain, JsonMember base64)
      throws RefusedException {
    Bytes bytes = bytes(fields, plain, base64);
    if (bytes == null) {
      throw badRequest(
          "member '" + plain.jsonName() + "' is missing",
          "give " + plain.jsonName() + " or " + base64.jsonName());
    }
    return bytes;
  }

  private static @Nullable Bytes bytes(JsonFields fields, JsonMember plain, JsonMember base64)
      throws RefusedException {
    String text = fields.text(plain);
    String encoded = fields.text(base64);
    if (text != null && encoded != null) {
      throw badRequest(
          "both '" + plain.jsonName() + "' and '" + base64.jsonName() + "' are given",
          "give one of them");
    }
    if (text != null) {
      return utf8(plain, text);
    }
    return encoded == null ? null : decoded(base64, encoded);
  }

  /** A JSON string may hold half of a surrogate pair, which has no UTF-8. */
  private static Bytes utf8(JsonMember member, String text) throws RefusedException {
    try {
      var buffer = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return Bytes.copyOf(buffer.array(), buffer.arrayOffset(), buffer.limit());
    } catch (CharacterCodingException e) {
      throw badRequest(
          "'" + member.jsonName() + "' has half of a surrogate pair",
          "send bytes that are no text as " + member.jsonName() + "_base64");
    }
  }

  private static Bytes decoded(JsonMember member, String encoded) throws RefusedException {
    try {
      return Bytes.wrap(Base64.getDecoder().decode(encoded));
    } catch (IllegalArgumentException e) {
      throw badRequest(
          "'" + member.jsonName() + "' is no base64",
          "the alphabet is that of RFC 4648, section 4");
    }
  }
}
