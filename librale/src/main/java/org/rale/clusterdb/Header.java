package org.rale.clusterdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.MalformedException;
import org.rale.wire.Identity;

/**
 * The first page of the file. Written once, last of all, before the file gets its name; what it
 * says never changes afterwards but by a rewrite of the file.
 *
 * @param version of the format, from 1 to {@link Layout#FORMAT_VERSION}
 * @param salt random for each file, so that frames of an older file in reused disk blocks never
 *     count
 * @param sealedEnd everything before this byte was durable when the file got its name, so it can't
 *     be a torn tail
 */
record Header(int version, Identity identity, long salt, long sealedEnd) {
  private static final byte[] MAGIC = {(byte) 0x8f, 'R', 'A', 'L', 'E', 'D', 'B', '\n'};

  /** What a backup has for a node id and for an incarnation. */
  static final int BACKUP_NODE = 0;

  /** The checksum ends the page in every version, so that "newer" is told from "damaged". */
  private static final int CRC_AT = Layout.HEADER_BYTES - 4;

  ByteBuffer encode() {
    ByteWriter out = new ByteWriter(Layout.HEADER_BYTES);
    out.raw(MAGIC, 0, MAGIC.length).i32(version).i32(identity.nodeId());
    out.i64(identity.clusterId()).i64(identity.incarnation()).i64(salt).i64(sealedEnd);
    out.raw(new byte[CRC_AT - out.size()], 0, CRC_AT - out.size());
    out.i32(crc(out.array()));
    return ByteBuffer.wrap(out.array(), 0, out.size());
  }

  /** Reads the header of {@code file}, which calls itself {@code name} and is this node's. */
  static Header read(Storage.StorageFile file, String name, int nodeId)
      throws IOException, ClusterDbException {
    Header header = readAnyones(file, name, nodeId);
    int owner = header.identity().nodeId();
    if (header.isBackup()) {
      throw ClusterDbException.backup(name);
    }
    if (owner != nodeId) {
      throw ClusterDbException.foreign(name, owner, nodeId);
    }
    return header;
  }

  /**
   * Whether the file, most of whose first bytes may be right, ever was a cluster.db. One of no
   * bytes may have been.
   */
  static boolean isOurs(Storage.StorageFile file) throws IOException {
    byte[] first = new byte[MAGIC.length];
    int length = file.read(0, ByteBuffer.wrap(first));
    int right = 0;
    for (int i = 0; i < length; i++) {
      right += first[i] == MAGIC[i] ? 1 : 0;
    }
    return 2 * right >= length;
  }

  /**
   * Reads the header of a file that may be of any node.
   *
   * @param nodeId whose it should be, 0: not known; what is said of damage names it
   */
  static Header readAnyones(Storage.StorageFile file, String name, int nodeId)
      throws IOException, ClusterDbException {
    byte[] page = new byte[Layout.HEADER_BYTES];
    int length = file.read(0, ByteBuffer.wrap(page));
    if (length < page.length) {
      // Never "fresh": we give the file its name when it is whole. Whoever emptied it emptied a
      // node's memory of its votes with it.
      throw ClusterDbException.damaged(
          name,
          nodeId,
          length,
          "The file ends here; its header alone takes " + page.length + " bytes.");
    }
    if (!Arrays.equals(page, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw ClusterDbException.damaged(
          name, nodeId, 0, "It does not begin as a cluster.db does: \"RALEDB\" was expected.");
    }
    ByteReader in = new ByteReader(page, MAGIC.length, page.length - MAGIC.length);
    try {
      int version = in.i32();
      if (new ByteReader(page, CRC_AT, 4).i32() != crc(page)) {
        throw ClusterDbException.damaged(name, nodeId, 0, "The checksum of the header is wrong.");
      }
      if (Integer.compareUnsigned(version, Layout.FORMAT_VERSION) > 0) {
        throw ClusterDbException.newerVersion(name, version);
      }
      int owner = in.i32();
      if (version == 0) {
        throw ClusterDbException.damaged(name, nodeId, 8, "No release wrote version 0.");
      }
      return new Header(version, new Identity(in.i64(), owner, in.i64()), in.i64(), in.position());
    } catch (MalformedException e) {
      throw ClusterDbException.damaged(name, nodeId, 0, "The header holds " + e.getMessage() + ".");
    }
  }

  /** Whether the file is a backup, which is no node's: node ids begin at 1. */
  boolean isBackup() {
    return identity.nodeId() == BACKUP_NODE;
  }

  private static int crc(byte[] page) {
    CRC32C crc = new CRC32C();
    crc.update(page, 0, CRC_AT);
    return (int) crc.getValue();
  }
}
