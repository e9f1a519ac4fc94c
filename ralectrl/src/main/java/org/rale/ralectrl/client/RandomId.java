package org.rale.ralectrl.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** 128 random bits that no other client has. */
record RandomId(long high, long low) {

  /**
   * From the kernel, where it offers them as a file: the security providers behind SecureRandom
   * take longer to load than the request takes.
   */
  static RandomId next() {
    byte[] bytes = new byte[16];
    try (InputStream random = Files.newInputStream(Path.of("/dev/urandom"))) {
      if (random.readNBytes(bytes, 0, bytes.length) < bytes.length) {
        new SecureRandom().nextBytes(bytes);
      }
    } catch (IOException e) {
      new SecureRandom().nextBytes(bytes);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    RandomId id = new RandomId(buffer.getLong(), buffer.getLong());
    // Both halves 0 would mean: no client id.
    return id.high == 0 && id.low == 0 ? new RandomId(0, 1) : id;
  }
}
