package org.rale.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.Batch;
import org.rale.clusterdb.DiskTask;
import org.rale.dstore.DStore;
import org.rale.raft.Entry;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;

final class DiskWorkTest {
  private static DiskTask write(long sequence, int bytes) {
    Payload payload = new Payload.Command(Bytes.wrap(new byte[bytes]));
    Entry entry = new Entry(sequence, 1, payload);
    return new DiskTask.Write(sequence, new Batch(null, List.of(entry), 0));
  }

  private static List<Long> taken(Queue<DiskTask> tasks) {
    return DiskWork.take(tasks).stream().map(DiskTask::sequence).toList();
  }

  @Test
  @DisplayName("writes go together until they are long enough, and one that is longer goes alone")
  void boundedInBytes() {
    Queue<DiskTask> tasks = new ArrayDeque<>();
    int third = (int) DiskWork.MERGED_BYTES / 3;
    for (long sequence = 1; sequence <= 4; sequence++) {
      tasks.add(write(sequence, third));
    }
    tasks.add(write(5, (int) DiskWork.MERGED_BYTES));
    tasks.add(write(6, 1));
    assertThat(taken(tasks)).containsExactly(1L, 2L, 3L);
    assertThat(taken(tasks)).containsExactly(4L, 5L);
    assertThat(taken(tasks)).containsExactly(6L);
    assertThat(taken(tasks)).isEmpty();
  }

  @Test
  void otherTasksGoAloneInTheirTurn() {
    Queue<DiskTask> tasks = new ArrayDeque<>();
    tasks.add(write(1, 1));
    tasks.add(new DiskTask.Compact(2, SnapshotMeta.NONE, new DStore().freeze()));
    tasks.add(write(3, 1));
    assertThat(taken(tasks)).containsExactly(1L);
    assertThat(taken(tasks)).containsExactly(2L);
    assertThat(taken(tasks)).containsExactly(3L);
  }
}
