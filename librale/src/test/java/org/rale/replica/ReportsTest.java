package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.rale.dstore.Origin;
import org.rale.request.NodeInfo;
import org.rale.request.PathInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Field;

/** What STATUS and LIST say of the ways to the others, and who lags. */
final class ReportsTest {
  private static final PathInfo UDP = new PathInfo(PathInfo.Use.UDP, 213, 80, 40, 4, 12);

  private static NodeInfo node(HandDriven node, int id) {
    Response.Nodes nodes = (Response.Nodes) node.answer(node.submit(new Request.ListNodes()));
    return nodes.nodes().stream().filter(each -> each.id() == id).findFirst().orElseThrow();
  }

  private static Map<String, String> status(HandDriven node) {
    return node.replica().status().fields().stream()
        .collect(Collectors.toMap(Field::name, Field::value));
  }

  @Test
  void aLeaderTellsTheWaysAndWhoLags() {
    HandDriven one = HandDriven.inCluster().leading();
    one.paths.put(2, UDP);
    one.put("k", "v", Origin.NONE);

    NodeInfo two = node(one, 2);
    assertThat(two.path()).isEqualTo(UDP);
    assertThat(two.matchIndex()).isEqualTo(11);
    assertThat(two.lag()).isEqualTo(1);
    assertThat(node(one, 1).measured()).isEmpty();
    assertThat(node(one, 3).measured())
        .containsExactly(Field.of("match_index", 0), Field.of("lag", 12));
  }

  @Test
  void aFollowerTellsTheWaysAlone() {
    HandDriven one = HandDriven.inCluster().following();
    one.paths.put(2, UDP);
    assertThat(node(one, 2).measured())
        .isEqualTo(new NodeInfo(2, "", "", 1, 1, "", true, 0, false, UDP, -1, -1).measured());
    assertThat(node(one, 2).matchIndex()).isEqualTo(NodeInfo.UNKNOWN);
  }

  @Test
  void statusSaysTheSameBehindWhatItSaidBefore() {
    HandDriven one = HandDriven.inCluster().leading();
    one.paths.put(2, UDP);
    one.paths.put(3, PathInfo.of(PathInfo.Use.NONE, PathInfo.UNKNOWN));
    List<String> names = one.replica().status().fields().stream().map(Field::name).toList();
    assertThat(names.subList(names.indexOf("election_timeout_ms") + 1, names.size()))
        .containsExactly(
            "peer_2_path",
            "peer_2_rtt_ms",
            "peer_2_jitter_ms",
            "peer_2_loss",
            "peer_2_last_contact_ms",
            "peer_2_match_index",
            "peer_2_lag",
            "peer_3_path",
            "peer_3_match_index",
            "peer_3_lag");
    assertThat(status(one))
        .containsEntry("peer_2_path", "udp")
        .containsEntry("peer_2_rtt_ms", "0.213")
        .containsEntry("peer_2_jitter_ms", "0.040")
        .containsEntry("peer_2_loss", "0.004")
        .containsEntry("peer_2_last_contact_ms", "12")
        .containsEntry("peer_3_path", "none");
    assertThat(one.replica().status().fields())
        .contains(new Field("peer_2_rtt_ms", "0.213", true), Field.of("peer_2_path", "udp"));
  }
}
