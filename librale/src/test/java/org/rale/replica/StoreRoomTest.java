package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/** A leader whose store may hold 1,000 bytes. */
final class StoreRoomTest {
  private static final long MAX = 1_000;

  private final HandDriven node = HandDriven.inCluster(HandDriven.THREE, MAX).leading();
  private long last = 11;

  StoreRoomTest() {
    node.sync();
  }

  private long put(String key, int bytes) {
    return node.put(key, "v".repeat(bytes), Origin.NONE);
  }

  private long delete(String key) {
    return node.submit(new Request.Change(new StoreCommand.Delete(Origin.NONE, Bytes.utf8(key))));
  }

  /** What was taken is held by node 2 and on the own disk. */
  private void commit(int count) {
    node.sync();
    last += count;
    node.hear(2, node.accepted(last));
    assertThat(node.replica().raftStatus().lastIndex()).isEqualTo(last);
    assertThat(liveBytes()).isLessThanOrEqualTo(MAX);
  }

  private long liveBytes() {
    return node.replica().status().fields().stream()
        .filter(field -> field.name().equals("live_bytes"))
        .mapToLong(field -> Long.parseLong(field.value()))
        .sum();
  }

  private void assertFull(long token, String... words) {
    Response answer = node.answer(token);
    assertThat(answer)
        .isInstanceOfSatisfying(
            Response.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo(ErrorCode.STORE_FULL);
              assertThat(failed.text()).contains(words);
            });
  }

  @Test
  @DisplayName("max_size holds also while writes are under way")
  void writesUnderWayCount() {
    put("k1", 400);
    put("k2", 400);
    assertFull(put("k3", 400), "0 of 1000 bytes (max_size) are used, up to ", "under way");
    commit(2);
    assertFull(put("k3", 400), "bytes (max_size) are used, and k3 needs 432 more");
  }

  @Test
  void atTheLimitDeletesAndWritesThatAddNothingAreTaken() {
    put("k1", 400);
    put("k2", 400);
    commit(2);
    long same = put("k1", 400);
    long less = put("k1", 300);
    long delete = delete("k2");
    commit(3);
    assertThat(node.answer(same)).isInstanceOf(Response.Stored.class);
    assertThat(node.answer(less)).isInstanceOf(Response.Stored.class);
    assertThat(node.answer(delete)).isInstanceOf(Response.Deleted.class);
    long again = put("k3", 400);
    commit(1);
    assertThat(node.answer(again)).isInstanceOf(Response.Stored.class);
  }

  @Test
  @DisplayName("what shrinks and grows again beside other writes never gets over max_size")
  void anyMixHolds() {
    SplittableRandom random = new SplittableRandom(4);
    int full = 0;
    for (int round = 0; round < 300; round++) {
      long before = node.replica().raftStatus().lastIndex();
      for (int i = 0; i < 6; i++) {
        String key = "k" + random.nextInt(6);
        long token = random.nextInt(4) == 0 ? delete(key) : put(key, random.nextInt(400));
        full += node.answer(token) instanceof Response.Failed ? 1 : 0;
      }
      commit((int) (node.replica().raftStatus().lastIndex() - before));
    }
    assertThat(full).isBetween(100, 1_500);
  }
}
