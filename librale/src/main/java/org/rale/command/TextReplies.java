package org.rale.command;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.dstore.StoreCommand;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Field;

/** Words answers as plain text. */
final class TextReplies {
  private static final String OUTCOME_UNKNOWN = "outcome unknown: ";

  private TextReplies() {}

  static byte[] render(@Nullable Request request, Response response) {
    if (response instanceof Response.Value value) {
      return value(request, value.value());
    }
    if (response instanceof Response.Stored stored) {
      return stored(request, stored);
    }
    if (response instanceof Response.KeyList keys) {
      JsonLine line = new JsonLine(1024).open('{');
      JsonReplies.keys(line, keys);
      return line.close('}').toByteArray();
    }
    if (response instanceof Response.Events events) {
      JsonLine line = new JsonLine(128 + JsonReplies.size(events)).open('{');
      JsonReplies.events(line, events);
      return line.close('}').toByteArray();
    }
    if (response instanceof Response.Nodes nodes) {
      JsonLine line = new JsonLine(1024).open('{');
      JsonReplies.nodes(line, nodes, (text, node) -> {});
      return line.close('}').toByteArray();
    }
    if (response instanceof Response.LeaseList leases) {
      JsonLine line = new JsonLine(1024).open('{');
      JsonReplies.leases(line, leases);
      return line.close('}').toByteArray();
    }
    if (response instanceof Response.BackupBegun begun) {
      JsonLine line = new JsonLine(256).open('{');
      JsonReplies.backup(line, begun);
      return line.close('}').toByteArray();
    }
    if (response instanceof Response.BackupPart part) {
      JsonLine line = new JsonLine(128 + part.data().length() / 3 * 4).open('{');
      JsonReplies.backup(line, part);
      return line.close('}').toByteArray();
    }
    return Utf8.oneLine(words(response)).getBytes(StandardCharsets.UTF_8);
  }

  private static String words(Response response) {
    if (response instanceof Response.Failed failed) {
      return "ERROR: " + failure(failed);
    } else if (response instanceof Response.Deleted deleted) {
      return "OK: deleted " + deleted.count();
    } else if (response instanceof Response.Pong) {
      return "OK: PONG";
    } else if (response instanceof Response.StatusReport status) {
      return status(status);
    } else if (response instanceof Response.Added added) {
      return "OK: node " + added.id() + (added.already() ? " is already a member" : " added");
    } else if (response instanceof Response.Removed removed) {
      return "OK: node " + removed.id() + " removed";
    } else if (response instanceof Response.Transferred transferred) {
      return "OK: leader is node " + transferred.leaderId();
    } else if (response instanceof Response.Leader leader) {
      return leader(leader);
    } else if (response instanceof Response.Txn txn) {
      return "OK: " + txn.revision();
    } else if (response instanceof Response.LeaseGranted granted) {
      return "OK: " + granted.lease();
    } else if (response instanceof Response.LeaseKept kept) {
      return "OK: lease " + kept.lease() + " lasts " + seconds(kept.ttlMs()) + " s";
    } else if (response instanceof Response.LeaseRevoked revoked) {
      return "OK: deleted " + revoked.deleted();
    } else if (response instanceof Response.Stopping) {
      return "OK: stopping";
    }
    throw new IllegalStateException("no words for " + response);
  }

  private static String seconds(long ms) {
    return ms % 1000 == 0
        ? Long.toString(ms / 1000)
        : String.format(Locale.ROOT, "%d.%03d", ms / 1000, ms % 1000);
  }

  /** Scripts tell an unknown outcome by its first words, whoever worded the rest (S-15). */
  private static String failure(Response.Failed failed) {
    String text = failed.text();
    return failed.code() == ErrorCode.UNKNOWN_OUTCOME && !text.startsWith(OUTCOME_UNKNOWN)
        ? OUTCOME_UNKNOWN + text
        : text;
  }

  private static String leader(Response.Leader leader) {
    Response.Address address = leader.address();
    return String.format(
            Locale.ROOT, "LEADER: leader_id=%d, term=%d", leader.leaderId(), leader.term())
        + (address == null
            ? ""
            : String.format(
                Locale.ROOT,
                ", name=%s, ip=%s, rale_port=%d, dstore_port=%d",
                address.name(),
                address.host(),
                address.ralePort(),
                address.dstorePort()));
  }

  private static String status(Response.StatusReport status) {
    StringBuilder text = new StringBuilder("STATUS: ");
    String separator = "";
    for (Field field : status.fields()) {
      text.append(separator).append(field.name()).append('=').append(field.value());
      separator = ", ";
    }
    return text.toString();
  }

  /** A PUT gets its value back, a CAS the new revision. */
  private static byte[] stored(@Nullable Request request, Response.Stored stored) {
    if (request instanceof Request.Change change
        && change.command() instanceof StoreCommand.Put put) {
      return value(request, put.value());
    }
    return ("OK: " + stored.revision()).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] value(@Nullable Request request, Bytes value) {
    ByteWriter line = new ByteWriter(4 + value.length());
    line.u8('O').u8('K').u8(':').u8(' ').raw(value);
    if (Utf8.firstNotOneLine(line.array(), 4, line.size()) < 0) {
      return line.size() == line.array().length
          ? line.array()
          : Arrays.copyOf(line.array(), line.size());
    }
    String key =
        request instanceof Request.Get get
            ? get.key().toText()
            : request instanceof Request.Wait wait ? wait.key().toText() : "the key";
    return Utf8.oneLine(
            "ERROR: value of " + key + " is not one line of text: read it with the JSON form")
        .getBytes(StandardCharsets.UTF_8);
  }
}
