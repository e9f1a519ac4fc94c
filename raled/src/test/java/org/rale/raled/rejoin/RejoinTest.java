package org.rale.raled.rejoin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rale.RaleConfig;
import org.rale.RaleConfig.Founder;
import org.rale.clusterdb.Batch;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.FileStorage;
import org.rale.clusterdb.RewriteLimits;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.request.ErrorCode;
import org.rale.request.NodeInfo;
import org.rale.request.Request;
import org.rale.request.Response.Failed;

/** Node 3 of three comes back; node 1 leads. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RejoinTest {
  private static final Rejoin.Patience SHORT =
      new Rejoin.Patience(Duration.ofMillis(50), Duration.ofMillis(50));

  @TempDir Path directory;
  private FakeMember leader;

  /** Where the last batch but one begins in the file that was made. */
  private int middle;

  @BeforeEach
  void begin() throws IOException {
    leader = new FakeMember(1);
    leader.member(2, 0x102, "follower", true, false);
  }

  @AfterEach
  void end() throws IOException {
    leader.close();
  }

  private RaleConfig config(Founder... founders) {
    return new RaleConfig(
        3,
        "n3",
        "127.0.0.1",
        3,
        4,
        50,
        directory,
        0,
        1000,
        RewriteLimits.DEFAULT,
        150,
        300,
        50,
        1000,
        List.of(founders));
  }

  private Rejoin rejoin(Server... given) {
    return new Rejoin(config(), List.of(given), SHORT);
  }

  private Path file() {
    return directory.resolve("cluster.db");
  }

  private Path note() {
    return directory.resolve(Note.FILE);
  }

  /** The file of node 3 in cluster c1 of these members; returns its incarnation. */
  private long make(Member... members) throws Exception {
    return make(3, members);
  }

  private long make(int id, Member... members) throws Exception {
    try (FileStorage storage = FileStorage.open(directory)) {
      ClusterDb db = ClusterDb.open(storage, id, new SplittableRandom(7)).db();
      if (members.length > 0) {
        Payload payload = new Payload.Members(new Membership(List.of(members)));
        Batch batch = new Batch(new HardState(1, 0), List.of(new Entry(1, 1, payload)), 0);
        db.perform(new DiskTask.Join(1, 0xc1, batch));
        middle = (int) db.bytes();
        for (long index = 2; index <= 3; index++) {
          Entry entry = new Entry(index, 1, new Payload.Empty());
          db.perform(new DiskTask.Write(index, new Batch(null, List.of(entry), 0)));
        }
      }
      long incarnation = db.identity().incarnation();
      db.close();
      return incarnation;
    }
  }

  private Member leaderAsMember() {
    return new Member(1, "n1", "127.0.0.1", 1, leader.server().port(), 0x101, true);
  }

  private Member self(long incarnation) {
    return new Member(3, "n3", "127.0.0.1", 3, 4, incarnation, true);
  }

  /** Node 3 is a member with the file that it has, and not running. */
  private long makeMember() throws Exception {
    long incarnation = make(leaderAsMember(), self(5));
    leader.member(3, incarnation, "unknown", false, false);
    return incarnation;
  }

  /** A bit of the last batch but one. */
  private void damage() throws IOException {
    byte[] bytes = Files.readAllBytes(file());
    bytes[middle + 24] ^= 1;
    Files.write(file(), bytes);
  }

  private void refused(Rejoin rejoin, RejoinException.Kind kind, String... words) throws Exception {
    byte[] before = Files.exists(file()) ? Files.readAllBytes(file()) : new byte[0];
    assertThatThrownBy(rejoin::prepare)
        .isInstanceOfSatisfying(RejoinException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
    byte[] after = Files.exists(file()) ? Files.readAllBytes(file()) : new byte[0];
    assertThat(after).isEqualTo(before);
    assertThat(note()).doesNotExist();
  }

  @Test
  void aDamagedFileGoesWhenItsRemovalIsCommitted() throws Exception {
    long incarnation = makeMember();
    damage();
    Rejoin rejoin = rejoin();
    assertThat(rejoin.prepare()).isTrue();
    assertThat(leader.asked(Request.Remove.class))
        .containsExactly(new Request.Remove(3, incarnation));
    assertThat(file()).doesNotExist();
    assertThat(Files.readString(note())).startsWith("00000000000000c1\n" + leader.server());

    rejoin.enter();
    assertThat(leader.asked(Request.Add.class))
        .containsExactly(new Request.Add(3, "n3", "127.0.0.1", 3, 4));
    assertThat(note()).doesNotExist();
  }

  @Test
  void aFileWithoutAHeaderIsThrownAwayWhenTheServerIsNamed() throws Exception {
    makeMember();
    Files.write(file(), new byte[0]);
    refused(rejoin(), RejoinException.Kind.WRONG, "no member of its cluster is known", "--server");
    assertThat(rejoin(leader.server()).prepare()).isTrue();
    assertThat(file()).doesNotExist();
  }

  @Test
  void anEmptiedDirectoryFindsTheMembersInTheConfiguration() throws Exception {
    leader.member(3, 77, "unknown", false, false);
    Server server = leader.server();
    Founder first = new Founder(1, "n1", server.host(), 1, server.port());
    Founder own = new Founder(3, "n3", "127.0.0.1", 3, 4);
    assertThat(new Rejoin(config(first, own), List.of(), SHORT).prepare()).isTrue();
    assertThat(leader.asked(Request.Remove.class)).containsExactly(new Request.Remove(3, 77));
  }

  @Test
  @DisplayName("S-06 a node that forgot its cluster takes no other node of its id out")
  void aStrangerIsNotTakenOut() throws Exception {
    NodeInfo own = new NodeInfo(3, "n3", "127.0.0.1", 3, 4, "unknown", false, 77, false);
    for (NodeInfo other :
        List.of(
            new NodeInfo(3, "other", "127.0.0.1", 3, 4, "unknown", false, 77, false),
            new NodeInfo(3, "n3", "127.0.0.2", 3, 4, "unknown", false, 77, false),
            new NodeInfo(3, "n3", "127.0.0.1", 5, 4, "unknown", false, 77, false),
            new NodeInfo(3, "n3", "127.0.0.1", 3, 5, "unknown", false, 77, false))) {
      leader.members.put(3, other);
      refused(rejoin(leader.server()), RejoinException.Kind.WRONG, "is not taken out", "REMOVE 3");
    }
    assertThat(leader.asked(Request.Remove.class)).isEmpty();

    leader.members.put(3, own);
    assertThat(rejoin(leader.server()).prepare()).isTrue();
  }

  @Test
  void aMemberThatMovedRejoinsTheClusterThatItsFileNames() throws Exception {
    long incarnation = make(leaderAsMember(), self(5));
    leader.members.put(
        3, new NodeInfo(3, "n3", "127.0.0.2", 3, 4, "unknown", false, incarnation, false));
    damage();
    assertThat(rejoin().prepare()).isTrue();
  }

  @Test
  void aFollowerLeadsToTheLeader() throws Exception {
    makeMember();
    damage();
    try (FakeMember follower = new FakeMember(2)) {
      follower.follows(leader);
      assertThat(rejoin(follower.server()).prepare()).isTrue();
      assertThat(follower.asked(Request.Remove.class)).isEmpty();
    }
    assertThat(leader.asked(Request.Remove.class)).hasSize(1);
  }

  @Test
  void aWholeFileThatTheClusterKnowsStays() throws Exception {
    long incarnation = makeMember();
    byte[] before = Files.readAllBytes(file());
    assertThat(rejoin().prepare()).isFalse();
    assertThat(leader.asked(Request.Remove.class)).isEmpty();
    assertThat(Files.readAllBytes(file())).isEqualTo(before);

    // Also while it runs elsewhere: which of the two stays is decided by the handshake.
    leader.member(3, incarnation, "follower", true, false);
    assertThat(rejoin().prepare()).isFalse();
    assertThat(leader.asked(Request.Remove.class)).isEmpty();
  }

  @Test
  void aWholeFileStartsWhenNobodyAnswers() throws Exception {
    makeMember();
    leader.close();
    assertThat(rejoin().prepare()).isFalse();
    assertThat(file()).exists();
  }

  @Test
  void theOnlyMemberStartsWithItsFileAndKeepsADamagedOne() throws Exception {
    make(self(5));
    assertThat(rejoin().prepare()).isFalse();

    damage();
    refused(rejoin(), RejoinException.Kind.REFUSED, "it is the only member of its cluster");
    assertThat(leader.asked).isEmpty();
  }

  @Test
  void aWholeFileThatTheLeaderCallsAnOldCopyGoes() throws Exception {
    long incarnation = makeMember();
    leader.member(3, incarnation, "unknown", false, true);
    assertThat(rejoin().prepare()).isTrue();
    assertThat(leader.asked(Request.Remove.class)).hasSize(1);
    assertThat(file()).doesNotExist();
  }

  @Test
  void aMemberThatIsOnlineIsNotDisplaced() throws Exception {
    makeMember();
    leader.member(3, 77, "follower", true, false);
    assertThat(rejoin().prepare()).isFalse();
    damage();
    refused(rejoin(), RejoinException.Kind.REFUSED, "node 3 is online there");
    assertThat(leader.asked(Request.Remove.class)).isEmpty();
  }

  @Test
  void withoutALeaderOrAQuorumNothingIsTouched() throws Exception {
    makeMember();
    damage();
    leader.noRead = Optional.of(Failed.of(ErrorCode.NO_LEADER, "no leader (1 of 3)"));
    refused(rejoin(), RejoinException.Kind.REFUSED, "no leader (1 of 3)", "--force-new-cluster");
    assertThat(leader.asked(Request.Remove.class)).isEmpty();

    leader.noRead = Optional.empty();
    leader.noRemove = Optional.of(Failed.of(ErrorCode.MEMBERSHIP_REFUSED, "only 1 of 2"));
    refused(rejoin(), RejoinException.Kind.REFUSED, "only 1 of 2", "Its data is as it was");

    leader.noRemove = Optional.of(Failed.of(ErrorCode.UNKNOWN_OUTCOME, "who knows"));
    refused(rejoin(), RejoinException.Kind.REFUSED, "who knows");

    leader.close();
    refused(rejoin(), RejoinException.Kind.REFUSED, "connection refused");
  }

  @Test
  void anotherClusterIsRefused() throws Exception {
    makeMember();
    damage();
    leader.clusterId = 0xc2;
    refused(
        rejoin(),
        RejoinException.Kind.WRONG,
        "is in cluster 00000000000000c2, and this node was in cluster 00000000000000c1");
  }

  @Test
  void oneServerOfAnotherClusterDoesNotKeepTheOthersFromBeingAsked() throws Exception {
    makeMember();
    damage();
    try (FakeMember foreign = new FakeMember(2)) {
      foreign.clusterId = 0xc2;
      assertThat(rejoin(foreign.server(), leader.server()).prepare()).isTrue();
      assertThat(foreign.asked(Request.Remove.class)).isEmpty();
    }
  }

  @Test
  void aNodeWithAWholeFileStartsWhereNobodyOfItsClusterAnswers() throws Exception {
    makeMember();
    leader.close();
    try (FakeMember foreign = new FakeMember(2)) {
      foreign.clusterId = 0xc2;
      assertThat(rejoin(foreign.server(), leader.server()).prepare()).isFalse();
    }
  }

  @Test
  void aServerInNoClusterIsNoCluster() throws Exception {
    leader.clusterId = 0;
    refused(rejoin(leader.server()), RejoinException.Kind.REFUSED, "it is in no cluster");
  }

  @Test
  void anotherNodesFileIsLeftToTheStart() throws Exception {
    make(2, leaderAsMember());
    assertThat(rejoin(leader.server()).prepare()).isFalse();
    assertThat(leader.asked).isEmpty();
    assertThat(file()).exists();
  }

  @Test
  void whatIsNoClusterDbIsNotThrownAway() throws Exception {
    Files.writeString(file(), "SQLite format 3");
    refused(
        rejoin(leader.server()),
        RejoinException.Kind.WRONG,
        "is not a cluster.db, and is not thrown away");
    assertThat(leader.asked).isEmpty();
  }

  @Test
  void aDirectoryInUseIsRefused() throws Exception {
    makeMember();
    FileStorage held = FileStorage.open(directory);
    assertThatThrownBy(() -> rejoin().prepare()).hasMessageContaining("is in use");
    held.close();
  }

  @Test
  void aStopEndsTheAsking() throws Exception {
    makeMember();
    damage();
    leader.close();
    Duration hour = Duration.ofHours(1);
    Rejoin rejoin = new Rejoin(config(), List.of(), new Rejoin.Patience(hour, hour));
    rejoin.stop();
    refused(rejoin, RejoinException.Kind.STOPPED, "cluster.db is as it was");
  }

  @Test
  void aCrashBetweenAnyTwoStepsLeavesWhatTheSameCommandGoesOnFrom() throws Exception {
    boolean crashed = true;
    int steps = 0;
    for (; crashed; steps++) {
      makeMember();
      damage();
      crashed = prepareAndCrash(steps);
      // The same command, without --server: the members are in the old file, or in the note.
      Rejoin again = rejoin();
      assertThat(again.prepare()).as("after %d changes", steps).isTrue();
      assertThat(file()).doesNotExist();
      again.enter();
      assertThat(note()).doesNotExist();
    }
    assertThat(steps).isGreaterThan(4);
  }

  private boolean prepareAndCrash(int changes) throws Exception {
    try (FileStorage storage = FileStorage.open(directory)) {
      OwnData own = OwnData.read(storage, directory, 3);
      rejoin().prepare(new FailingStorage(storage, changes), own);
      return false;
    } catch (IOException e) {
      assertThat(e).hasMessage("crash");
      return true;
    }
  }

  @Test
  void aNodeThatStartedAsNewAndWasNotAddedGoesOn() throws Exception {
    makeMember();
    damage();
    rejoin().prepare();
    // It started: a new file, of no cluster. Then it crashed.
    make();
    Rejoin again = rejoin();
    assertThat(again.prepare()).isTrue();
    assertThat(file()).exists();

    // It got on, to a learner: the new file is in the cluster. Then it crashed.
    Files.delete(file());
    long fresh = make(leaderAsMember());
    leader.member(3, fresh, "unknown", false, false);
    Rejoin third = rejoin();
    assertThat(third.prepare()).isTrue();
    assertThat(file()).exists();
    third.enter();
    assertThat(leader.asked(Request.Add.class)).hasSize(1);
    assertThat(note()).doesNotExist();
  }

  @Test
  void aNoteThatIsNoneIsRefused() throws Exception {
    Files.writeString(note(), "hello\nworld\n");
    assertThatThrownBy(() -> rejoin().prepare())
        .isInstanceOf(RejoinException.class)
        .hasMessageContaining("Delete it, and name the members with --server");
  }

  @Test
  void anAddThatIsRefusedIsAskedAgain() throws Exception {
    makeMember();
    damage();
    Rejoin rejoin = rejoin();
    rejoin.prepare();
    leader.noAdd = Optional.of(Failed.of(ErrorCode.MEMBERSHIP_REFUSED, "one at a time"));
    Thread heals =
        new Thread(
            () -> {
              while (leader.asked(Request.Add.class).size() < 2) {
                Thread.onSpinWait();
              }
              leader.noAdd = Optional.empty();
            });
    heals.start();
    rejoin.enter();
    heals.join();
    assertThat(leader.asked(Request.Add.class)).hasSizeGreaterThanOrEqualTo(3);
  }
}
