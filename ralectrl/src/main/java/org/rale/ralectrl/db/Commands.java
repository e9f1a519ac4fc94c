package org.rale.ralectrl.db;

import java.util.Locale;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.command.JsonLine;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.ralectrl.output.Quoted;

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
    if (command instanceof StoreCommand.OfKey ofKey) {
      return text(ofKey);
    }
    if (command instanceof StoreCommand.Txn txn) {
      return "TXN "
          + Count.of(txn.compares().size(), "condition")
          + ", then "
          + Count.of(txn.then().size(), "step")
          + ", else "
          + Count.of(txn.otherwise().size(), "step");
    }
    return command instanceof StoreCommand.LeaseGrant grant
        ? name(command) + " " + grant.ttlMs() + " ms"
        : name(command) + " " + lease(command);
  }

  private String text(StoreCommand.OfKey command) {
    String text = name(command) + " " + Quoted.of(command.key());
    if (command instanceof StoreCommand.Delete) {
      return text;
    }
    if (command instanceof StoreCommand.CompareAndSet cas) {
      text += " at " + cas.expected();
    }
    if (lease(command) != 0) {
      text += " lease " + lease(command);
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
    line.field("command", name(command));
    if (command instanceof StoreCommand.OfKey ofKey) {
      json(line, ofKey);
    } else if (command instanceof StoreCommand.Txn txn) {
      line.field("compare", txn.compares().size());
      line.field("then", txn.then().size()).field("else", txn.otherwise().size());
    } else if (command instanceof StoreCommand.LeaseGrant grant) {
      line.field("ttl_ms", grant.ttlMs());
    }
    if (lease(command) != 0) {
      line.field("lease", lease(command));
    }
    Origin origin = command.origin();
    if (origin.isPresent()) {
      String client =
          String.format(Locale.ROOT, "%016x%016x", origin.clientHigh(), origin.clientLow());
      line.field("client_id", client).field("sequence", origin.sequence());
      line.field("retry", origin.retry());
    }
  }

  private void json(JsonLine line, StoreCommand.OfKey command) {
    line.field("key", command.key());
    if (command instanceof StoreCommand.CompareAndSet cas) {
      line.field("revision", cas.expected());
    }
    if (!(command instanceof StoreCommand.Delete)) {
      line.field("value_bytes", command.value().length());
      if (values) {
        line.field("value", command.value());
      }
    }
  }

  /** The lease that it speaks of; 0: none. */
  private static long lease(StoreCommand command) {
    if (command instanceof StoreCommand.Put put) {
      return put.lease();
    }
    if (command instanceof StoreCommand.CompareAndSet cas) {
      return cas.lease();
    }
    if (command instanceof StoreCommand.LeaseRevoke revoke) {
      return revoke.lease();
    }
    return command instanceof StoreCommand.LeaseExpire expire ? expire.lease() : 0;
  }

  private static String name(StoreCommand command) {
    if (command instanceof StoreCommand.Put) {
      return "PUT";
    }
    if (command instanceof StoreCommand.CompareAndSet) {
      return "CAS";
    }
    if (command instanceof StoreCommand.Delete) {
      return "DELETE";
    }
    if (command instanceof StoreCommand.Txn) {
      return "TXN";
    }
    if (command instanceof StoreCommand.LeaseGrant) {
      return "LEASE GRANT";
    }
    return command instanceof StoreCommand.LeaseRevoke ? "LEASE REVOKE" : "LEASE EXPIRE";
  }
}
