package org.rale.wire;

import java.util.List;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.wire.Handshake.Hello;
import org.rale.wire.Handshake.Refusal;
import org.rale.wire.Handshake.Refused;
import org.rale.wire.Handshake.Welcome;

/**
 * The first thing that either side sends over a link: a preamble, then one frame.
 *
 * <pre>
 * preamble  8E 52 41 4C 45 (0x8E "RALE"), u8 version, u8 oldest version that the sender speaks
 * hello     kind 1: identity, u64 process, u32 target, u8 priority
 * welcome   kind 2: identity, u64 process, u8 priority
 * refused   kind 3: identity, u8 refusal, text
 * </pre>
 *
 * <p>0x8E begins neither ASCII nor a character of UTF-8, so no client's line is taken for a link.
 * The preamble, the layout of a frame and of {@code refused} are for ever: two nodes whose versions
 * have nothing in common still understand why they part.
 */
public final class HandshakeCodec {
  /** The newest protocol that this program speaks. */
  public static final int VERSION = 4;

  /**
   * From this one on a node understands commands of format 2 ({@link
   * org.rale.dstore.StoreCodec#FORMAT}), in the log and as requests.
   */
  public static final int FORMAT_2_SINCE = 2;

  /** From this one on a node reads of which connection a request is that is passed on to it. */
  public static final int CONNECTIONS_SINCE = 3;

  /** From this one on it also reads behind which change, and takes none before that one. */
  public static final int TURNS_SINCE = 4;

  private static final int OLDEST_VERSION = 1;

  private static final Bytes MAGIC = Bytes.wrap(new byte[] {(byte) 0x8e, 'R', 'A', 'L', 'E'});
  private static final int PREAMBLE_BYTES = MAGIC.length() + 2;

  /** The longest payload of a handshake: a refusal with its sentence. */
  private static final int MAX_PAYLOAD_BYTES = 20 + 1 + 4 + WireText.MAX_BYTES;

  private static final int HELLO = 1;
  private static final int WELCOME = 2;
  private static final int REFUSED = 3;

  private static final int MAX_PRIORITY = 100;

  private static final List<Refusal> REFUSALS =
      List.of(
          Refusal.WRONG_NODE,
          Refusal.OTHER_CLUSTER,
          Refusal.SAME_ID,
          Refusal.OTHER_INCARNATION,
          Refusal.VERSION,
          Refusal.OVERLOADED);

  private HandshakeCodec() {}

  /** Whether a connection that begins with this byte is a link. If not, it is a client's. */
  public static boolean beginsLink(byte first) {
    return first == MAGIC.at(0);
  }

  public static void encode(Handshake handshake, ByteWriter out) {
    out.raw(MAGIC).u8(VERSION).u8(OLDEST_VERSION);
    if (handshake instanceof Hello hello) {
      int start = Frame.begin(out, HELLO);
      IdentityCodec.write(out, hello.sender());
      out.i64(hello.process()).i32(hello.target()).u8(hello.priority());
      Frame.end(out, start, MAX_PAYLOAD_BYTES);
    } else if (handshake instanceof Welcome welcome) {
      int start = Frame.begin(out, WELCOME);
      IdentityCodec.write(out, welcome.sender());
      out.i64(welcome.process()).u8(welcome.priority());
      Frame.end(out, start, MAX_PAYLOAD_BYTES);
    } else if (handshake instanceof Refused refused) {
      int start = Frame.begin(out, REFUSED);
      IdentityCodec.write(out, refused.sender());
      out.u8(code(refused.refusal()));
      WireText.write(out, refused.reason());
      Frame.end(out, start, MAX_PAYLOAD_BYTES);
    }
  }

  /**
   * How many bytes the handshake takes that begins at the offset, as far as that can be seen yet:
   * with fewer available, wait for more and ask again; with as many, {@link #decode} takes them.
   *
   * @throws MalformedException when it is no handshake
   * @throws VersionException when the peer speaks other versions only
   */
  public static int wanted(byte[] array, int offset, int available)
      throws MalformedException, VersionException {
    for (int i = 0; i < Math.min(available, MAGIC.length()); i++) {
      if (array[offset + i] != MAGIC.at(i)) {
        throw new MalformedException("a link that begins with other bytes than RALE's");
      }
    }
    int header = PREAMBLE_BYTES + Frame.HEADER_BYTES;
    if (available < header) {
      return header;
    }
    checkVersion(array, offset);
    return PREAMBLE_BYTES
        + Frame.wanted(
            array, offset + PREAMBLE_BYTES, available - PREAMBLE_BYTES, MAX_PAYLOAD_BYTES);
  }

  /** Takes a whole handshake, as long as {@link #wanted} says. */
  public static Handshake decode(byte[] array, int offset, int length)
      throws MalformedException, VersionException {
    if (wanted(array, offset, length) != length) {
      throw new MalformedException("a handshake of " + length + " bytes");
    }
    int frame = offset + PREAMBLE_BYTES;
    ByteReader in = Frame.payload(array, frame, length - PREAMBLE_BYTES);
    int kind = Frame.kind(array, frame);
    Handshake handshake =
        switch (kind) {
          case HELLO ->
              new Hello(
                  IdentityCodec.read(in),
                  IdentityCodec.process(in),
                  IdentityCodec.nodeId(in),
                  priority(in),
                  common(array, offset));
          case WELCOME ->
              new Welcome(
                  IdentityCodec.read(in),
                  IdentityCodec.process(in),
                  priority(in),
                  common(array, offset));
          case REFUSED -> new Refused(IdentityCodec.read(in), refusal(in), WireText.read(in));
          default -> throw new MalformedException("a handshake of unknown kind " + kind);
        };
    in.finish();
    return handshake;
  }

  /** The newest version of both sides. */
  private static int common(byte[] array, int offset) {
    return Math.min(VERSION, array[offset + MAGIC.length()] & 0xff);
  }

  private static void checkVersion(byte[] array, int offset) throws VersionException {
    int version = array[offset + MAGIC.length()] & 0xff;
    int oldest = array[offset + MAGIC.length() + 1] & 0xff;
    boolean refused = Frame.kind(array, offset + PREAMBLE_BYTES) == REFUSED;
    if (!refused && (oldest > VERSION || version < OLDEST_VERSION)) {
      throw new VersionException(
          "one node speaks the protocol in versions "
              + oldest
              + " to "
              + version
              + ", the other in "
              + OLDEST_VERSION
              + " to "
              + VERSION
              + ": update the older program");
    }
  }

  private static int priority(ByteReader in) throws MalformedException {
    int priority = in.u8();
    if (priority < 1 || priority > MAX_PRIORITY) {
      throw new MalformedException("a node priority of " + priority);
    }
    return priority;
  }

  static int code(Refusal refusal) {
    return REFUSALS.indexOf(refusal);
  }

  /** A reason that only a later version has is its sentence's to explain. */
  static Refusal refusal(ByteReader in) throws MalformedException {
    int code = in.u8();
    return code < REFUSALS.size() ? REFUSALS.get(code) : Refusal.VERSION;
  }
}
