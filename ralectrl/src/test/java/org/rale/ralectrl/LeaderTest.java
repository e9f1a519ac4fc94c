package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** LEADER: what it prints, and that its exit code is about the node that was asked. */
class LeaderTest {
  /** {@link FakeServer#STATUS} is that of node 1. */
  private static String leader(int id) {
    return "{\"status\":\"ok\",\"leader_id\":%d,\"term\":5,\"name\":\"node%d\",\"ip\":\"::1\","
            .formatted(id, id)
        + "\"rale_port\":7400,\"dstore_port\":7401}";
  }

  @Test
  void zeroWhereTheNodeLeads() throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(leader(1)))) {
      new Program()
          .run("-s", server.address(), "LEADER")
          .printed("leader 1 node1 ::1 7401 term 5\n");
      new Program().run("-s", server.address(), "LEADER", "-o", "json").printed(leader(1) + "\n");
    }
  }

  @Test
  void tenWhereAnotherOneLeads() throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(leader(2)))) {
      Program.Run run = new Program().run("-s", server.address(), "leader");
      assertThat(run).isEqualTo(new Program.Run(10, run.bytes(), ""));
      assertThat(run.out()).isEqualTo("leader 2 node2 ::1 7401 term 5\n");
    }
  }

  @Test
  void elevenWhereNobodyLeads() throws IOException {
    String none = "{\"status\":\"ok\",\"leader_id\":-1,\"term\":5}";
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(none))) {
      Program.Run run = new Program().run("-s", server.address(), "LEADER");
      assertThat(run).isEqualTo(new Program.Run(11, run.bytes(), ""));
      assertThat(run.out()).isEqualTo("no leader term 5\n");
    }
  }

  @Test
  void bothQuestionsGoToOneNode() throws IOException {
    String stopping = FakeServer.STATUS + "\n";
    try (FakeServer first =
            FakeServer.tcp(
                peer -> {
                  peer.read();
                  peer.write(stopping);
                },
                FakeServer.failing("SHUTTING_DOWN", "this node is shutting down"));
        FakeServer second = FakeServer.tcp(FakeServer.replying(leader(1)))) {
      new Program()
          .run("-s", first.address() + "," + second.address(), "LEADER")
          .printed("leader 1 node1 ::1 7401 term 5\n");
      assertThat(second.requests()).hasSize(2);
    }
  }

  @Test
  void aNodeInNoClusterFails() throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.failing("NOT_MEMBER", "in no cluster"))) {
      new Program()
          .run("-s", server.address(), "LEADER")
          .failed(1, "ralectrl: error: in no cluster\n");
    }
  }
}
