package org.rale.wire;

import java.util.ArrayList;
import java.util.List;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.StoreLimits;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;
import org.rale.request.Limits;

/**
 * Log entries, memberships, term and vote, and the place of a snapshot, as bytes.
 *
 * <p>The same bytes stand in cluster.db and travel between nodes. Each form opens with a version
 * byte of its own, and tells its own length, so that forms may follow each other without a
 * separator. Writers refuse what their reader would not take back (IllegalArgumentException): a
 * node must never store or send what nobody can read.
 */
public final class EntryCodec {
  /** An encoded command: the longest key and value, and 1 KiB for what describes them. */
  public static final int MAX_COMMAND_BYTES = StoreLimits.MAX_COMMAND_BYTES;

  private static final int VERSION = 1;

  /** A char takes at most three bytes of UTF-8 (a pair of surrogates takes four). */
  private static final int MAX_NAME_BYTES = 3 * Limits.MAX_NAME_CHARS;

  private static final int MAX_HOST_BYTES = 3 * Limits.MAX_HOST_CHARS;
  private static final int MAX_PORT = 65_535;

  private static final int MAX_MEMBER_BYTES =
      4 + 4 + MAX_NAME_BYTES + 4 + MAX_HOST_BYTES + 2 + 2 + 8 + 1;
  private static final int MAX_MEMBERSHIP_BYTES = 1 + 4 + Membership.MAX_MEMBERS * MAX_MEMBER_BYTES;

  /** An encoded entry: version, index, term, kind, and the longest payload. */
  public static final int MAX_ENTRY_BYTES =
      1 + 8 + 8 + 1 + Math.max(4 + MAX_COMMAND_BYTES, MAX_MEMBERSHIP_BYTES);

  private static final int EMPTY = 0;
  private static final int COMMAND = 1;
  private static final int MEMBERS = 2;

  private EntryCodec() {}

  public static void writeEntry(ByteWriter out, Entry entry) {
    out.u8(VERSION).i64(entry.index()).i64(entry.term());
    Payload payload = entry.payload();
    if (payload instanceof Payload.Command command) {
      if (command.bytes().length() > MAX_COMMAND_BYTES) {
        throw new IllegalArgumentException("a command of " + command.bytes().length() + " bytes");
      }
      out.u8(COMMAND).bytes(command.bytes());
    } else if (payload instanceof Payload.Members members) {
      out.u8(MEMBERS);
      writeMembership(out, members.membership());
    } else {
      out.u8(EMPTY);
    }
  }

  /** The entry takes so many bytes at most. */
  public static long boundOf(Entry entry) {
    long head = 1 + 8 + 8 + 1;
    if (entry.payload() instanceof Payload.Command command) {
      return head + 4 + command.bytes().length();
    } else if (entry.payload() instanceof Payload.Members members) {
      return head + 1 + 4 + (long) members.membership().size() * MAX_MEMBER_BYTES;
    }
    return head;
  }

  public static Entry readEntry(ByteReader in) throws MalformedException {
    version(in, "a log entry");
    long index = in.position();
    long term = in.position();
    if (index < 1 || term < 1) {
      throw new MalformedException("a log entry of index " + index + " and term " + term);
    }
    int kind = in.u8();
    Payload payload =
        switch (kind) {
          case EMPTY -> new Payload.Empty();
          case COMMAND -> new Payload.Command(in.bytes(MAX_COMMAND_BYTES));
          case MEMBERS -> new Payload.Members(readMembership(in));
          default -> throw new MalformedException("a log entry of unknown kind " + kind);
        };
    return new Entry(index, term, payload);
  }

  public static void writeMembership(ByteWriter out, Membership membership) {
    out.u8(VERSION).i32(membership.size());
    for (Member member : membership.members()) {
      writeMember(out, member);
    }
  }

  public static Membership readMembership(ByteReader in) throws MalformedException {
    version(in, "a membership");
    int count = in.count(Membership.MAX_MEMBERS);
    List<Member> members = new ArrayList<>(count);
    int before = 0;
    for (int i = 0; i < count; i++) {
      Member member = readMember(in);
      // One membership has one encoding: members stand in the order of their ids.
      if (member.id() <= before) {
        throw new MalformedException("member " + member.id() + " behind member " + before);
      }
      before = member.id();
      members.add(member);
    }
    return new Membership(members);
  }

  public static void writeHardState(ByteWriter out, HardState hardState) {
    require(hardState.term() >= 0, "term " + hardState.term());
    require(
        hardState.votedFor() >= 0 && hardState.votedFor() <= Limits.MAX_NODE_ID,
        "a vote for node " + hardState.votedFor());
    out.u8(VERSION).i64(hardState.term()).i32(hardState.votedFor());
  }

  public static HardState readHardState(ByteReader in) throws MalformedException {
    version(in, "a term and vote");
    return new HardState(in.position(), in.count(Limits.MAX_NODE_ID));
  }

  public static void writeSnapshotMeta(ByteWriter out, SnapshotMeta meta) {
    require(
        meta.index() >= 0 && meta.term() >= 0,
        "a snapshot at index " + meta.index() + " of term " + meta.term());
    out.u8(VERSION).i64(meta.index()).i64(meta.term());
    writeMembership(out, meta.membership());
  }

  public static SnapshotMeta readSnapshotMeta(ByteReader in) throws MalformedException {
    version(in, "the place of a snapshot");
    return new SnapshotMeta(in.position(), in.position(), readMembership(in));
  }

  private static void writeMember(ByteWriter out, Member member) {
    Bytes name = Bytes.utf8(member.name());
    Bytes host = Bytes.utf8(member.host());
    require(member.id() >= 1 && member.id() <= Limits.MAX_NODE_ID, "member " + member.id());
    require(name.length() <= MAX_NAME_BYTES, "a name of " + name.length() + " bytes");
    require(host.length() <= MAX_HOST_BYTES, "a host name of " + host.length() + " bytes");
    require(isPort(member.ralePort()), "rale port " + member.ralePort());
    require(isPort(member.dstorePort()), "dstore port " + member.dstorePort());
    out.i32(member.id()).bytes(name).bytes(host);
    out.u16(member.ralePort()).u16(member.dstorePort());
    out.i64(member.incarnation()).bool(member.voter());
  }

  private static Member readMember(ByteReader in) throws MalformedException {
    int id = in.count(Limits.MAX_NODE_ID);
    if (id == 0) {
      throw new MalformedException("a member with id 0");
    }
    return new Member(
        id,
        in.text(MAX_NAME_BYTES),
        in.text(MAX_HOST_BYTES),
        in.u16(),
        in.u16(),
        in.i64(),
        in.bool());
  }

  private static boolean isPort(int port) {
    return port >= 0 && port <= MAX_PORT;
  }

  private static void version(ByteReader in, String what) throws MalformedException {
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedException(
          what + " of version " + version + ", this program reads version " + VERSION);
    }
  }

  private static void require(boolean good, String what) {
    if (!good) {
      throw new IllegalArgumentException(what);
    }
  }
}
