package org.rale.command;

import static org.rale.command.RefusedException.badRequest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.rale.dstore.Compare;
import org.rale.dstore.Compare.Relation;
import org.rale.dstore.Compare.Target;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.request.Response.Failed;

/**
 * Reads the lists of a TXN. A condition is an object with a key, what of it is compared (one member
 * of {@link #COMPARED}), and {@code op}, "=" where it is left out. A step looks like the request of
 * its own: PUT, DELETE or GET.
 */
final class JsonTransactions {
  private static final List<JsonMember> COMPARED =
      List.of(
          JsonMember.REVISION,
          JsonMember.CREATED_REVISION,
          JsonMember.VERSION,
          JsonMember.VALUE,
          JsonMember.VALUE_BASE64,
          JsonMember.EXISTS);

  private static final List<JsonMember> OF_CONDITION =
      Stream.concat(
              Stream.of(JsonMember.KEY, JsonMember.KEY_BASE64, JsonMember.OP), COMPARED.stream())
          .toList();

  private static final List<JsonMember> OF_STEP =
      List.of(JsonMember.COMMAND, JsonMember.KEY, JsonMember.KEY_BASE64);

  private static final List<JsonMember> OF_PUT =
      List.of(
          JsonMember.COMMAND,
          JsonMember.KEY,
          JsonMember.KEY_BASE64,
          JsonMember.VALUE,
          JsonMember.VALUE_BASE64,
          JsonMember.LEASE);

  /** What is read of one element. */
  private interface Reader<T> {
    T read(JsonFields element) throws RefusedException;
  }

  private final Arguments arguments;

  JsonTransactions(Arguments arguments) {
    this.arguments = arguments;
  }

  StoreCommand.Txn parse(Origin origin, JsonFields fields) throws RefusedException {
    StoreCommand.Txn txn =
        new StoreCommand.Txn(
            origin,
            each(JsonMember.COMPARE, fields, this::condition),
            each(JsonMember.THEN, fields, this::step),
            each(JsonMember.ELSE, fields, this::step));
    String fault = txn.fault();
    if (fault != null) {
      throw badRequest("the transaction has " + fault, "send several transactions");
    }
    if (txn.then().isEmpty() && txn.otherwise().isEmpty()) {
      throw badRequest("the transaction has no step", "give 'then', 'else' or both");
    }
    return txn;
  }

  private static <T> List<T> each(JsonMember member, JsonFields fields, Reader<T> reader)
      throws RefusedException {
    List<T> all = new ArrayList<>();
    for (JsonFields element : fields.elements(member)) {
      try {
        all.add(reader.read(element));
      } catch (RefusedException e) {
        Failed failed = e.failure();
        throw new RefusedException(
            new Failed(
                failed.code(),
                "'"
                    + member.jsonName()
                    + "', element "
                    + (all.size() + 1)
                    + ": "
                    + failed.message(),
                failed.detail(),
                failed.hint(),
                0));
      }
    }
    return all;
  }

  private Compare condition(JsonFields element) throws RefusedException {
    element.allowOnly("a condition", OF_CONDITION);
    List<JsonMember> compared = COMPARED.stream().filter(element::has).toList();
    if (compared.size() != 1) {
      throw badRequest(
          compared.isEmpty() ? "it compares nothing" : "it compares more than one thing",
          "give one of revision, created_revision, version, value, value_base64, exists");
    }
    JsonMember what = compared.get(0);
    Relation relation = relation(element);
    Target target =
        what == JsonMember.VALUE_BASE64
            ? Target.VALUE
            : Target.valueOf(what.name().toUpperCase(Locale.ROOT));
    if (!target.isOrdered() && relation != Relation.EQUAL && relation != Relation.NOT_EQUAL) {
      throw badRequest("'" + what.jsonName() + "' can't be less or greater", "use = or != with it");
    }
    if (target == Target.VALUE) {
      return Compare.value(
          JsonRequests.key(element), relation, JsonRequests.value(arguments, element));
    }
    long number =
        target == Target.EXISTS
            ? element.flag(JsonMember.EXISTS) ? 1 : 0
            : element.requiredNumber(what);
    return Compare.number(JsonRequests.key(element), target, relation, number);
  }

  private static Relation relation(JsonFields element) throws RefusedException {
    if (!element.has(JsonMember.OP)) {
      return Relation.EQUAL;
    }
    String sign = element.requiredText(JsonMember.OP);
    for (Relation relation : Relation.values()) {
      if (relation.sign().equals(sign)) {
        return relation;
      }
    }
    throw badRequest("'op' is '" + Arguments.shown(sign) + "'", "it is =, !=, < or >");
  }

  private TxnOp step(JsonFields element) throws RefusedException {
    element.throwFault();
    String word = element.requiredText(JsonMember.COMMAND);
    Verb verb = Verb.find(word);
    if (verb == Verb.PUT) {
      element.allowOnly("PUT in a transaction", OF_PUT);
      return new TxnOp.Put(
          JsonRequests.key(element),
          JsonRequests.value(arguments, element),
          JsonRequests.lease(element));
    }
    if (verb == Verb.DELETE) {
      element.allowOnly("DELETE in a transaction", OF_STEP);
      return new TxnOp.Delete(JsonRequests.key(element));
    }
    if (verb == Verb.GET) {
      element.allowOnly("GET in a transaction", OF_STEP);
      return new TxnOp.Get(JsonRequests.key(element));
    }
    throw badRequest(
        "'" + Arguments.shown(word) + "' is no step of a transaction", "it is PUT, DELETE or GET");
  }
}
