package org.rale.ralectrl.db;

import java.util.Locale;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.command.JsonLine;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;

/**
 * How the changes in the log look.
 *
 * @param values whether values are shown, or their length alone
 */
record Commands(boolean values) {

  String text(Bytes encoded) {
    StoreCommand command;
    try {
      command = StoreCodec.decode(encoded);
    } catch (MalformedException e) {
      return "unreadable: it holds " + e.getMessage();
    }
    String text = name(command) + " " + Quoted.of(command.key());
    if (command instanceof StoreCommand.Delete) {
      return text;
    }
    if (command instanceof StoreCommand.CompareAndSet cas) {
      text += " at " + cas.expected();
    }
    text += " " + Count.of(command.value().length(), "byte");
    return values ? text + " " + Quoted.of(command.value()) : text;
  }

  void json(JsonLine line, Bytes encoded) {
    StoreCommand command;
    try {
      command = StoreCodec.decode(encoded);
    } catch (MalformedException e) {
      line.field("command", "UNREADABLE").field("detail", "it holds " + e.getMessage());
      return;
    }
    line.field("command", name(command)).field("key", command.key());
    if (command instanceof StoreCommand.CompareAndSet cas) {
      line.field("revision", cas.expected());
    }
    if (!(command instanceof StoreCommand.Delete)) {
      line.field("value_bytes", command.value().length());
      if (values) {
        line.field("value", command.value());
      }
    }
    Origin origin = command.origin();
    if (origin.isPresent()) {
      String client =
          String.format(Locale.ROOT, "%016x%016x", origin.clientHigh(), origin.clientLow());
      line.field("client_id", client).field("sequence", origin.sequence());
      line.field("retry", origin.retry());
    }
  }

  private static String name(StoreCommand command) {
    if (command instanceof StoreCommand.Put) {
      return "PUT";
    }
    return command instanceof StoreCommand.CompareAndSet ? "CAS" : "DELETE";
  }
}
