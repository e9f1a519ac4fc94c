package org.rale.raft;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The state that all rooms of the rules share: Raft figure 2's, and the effects in the making. The
 * rooms ({@link Election}, {@link Following}, {@link Leading}) hold what is theirs alone.
 */
final class Core {
  /** So many times the trailing bytes are kept for peers that are getting a snapshot. */
  private static final int HELD_FACTOR = 4;

  /** No leader is known. */
  static final int NOBODY = -1;

  final RaftSettings settings;
  private final long incarnation;
  final RaftLog log;
  final MembershipLog memberships;
  final Timer timer;
  final Collector out;
  final LeaderChanges leaderChanges;

  /** Ticks since the start. */
  long now;

  private long term;
  private int votedFor;
  private Role role = Role.FOLLOWER;
  private int leaderId = NOBODY;
  private long commit;
  private long applied;

  /** Of the entries behind {@code applied}, committed or not. */
  private long unappliedBytes;

  Core(RaftSettings settings, long incarnation, Restored restored, RandomGenerator random) {
    this.settings = settings;
    this.incarnation = incarnation;
    this.log = new RaftLog(restored.base(), restored.entries());
    this.memberships = new MembershipLog(restored.base(), restored.entries());
    this.timer = new Timer(settings, random);
    this.out = new Collector(log, restored.hardState());
    this.leaderChanges = new LeaderChanges(settings);
    this.term = restored.hardState().term();
    this.votedFor = restored.hardState().votedFor();
    this.commit = restored.applied();
    this.applied = restored.applied();
    for (long index = applied + 1; index <= log.lastIndex(); index++) {
      unappliedBytes += log.at(index).memoryBytes();
    }
    checkInvariants();
    Invariant.check(
        term >= log.lastTerm(), "term %s restored with a log of term %s", term, log.lastTerm());
  }

  int self() {
    return settings.nodeId();
  }

  long term() {
    return term;
  }

  int votedFor() {
    return votedFor;
  }

  Role role() {
    return role;
  }

  int leaderId() {
    return leaderId;
  }

  long commit() {
    return commit;
  }

  long applied() {
    return applied;
  }

  HardState hardState() {
    return new HardState(term, votedFor);
  }

  Membership membership() {
    return memberships.current();
  }

  /** Whether the silence has lasted as long as this node waits. */
  boolean timeIsUp() {
    return timer.elapsed() >= timer.timeout(membership(), leaderId, term, now);
  }

  /**
   * Whether this node may ask for power: while its removal is not known to be committed it must,
   * since its log may be the only one that can win (dissertation 4.2.2).
   */
  boolean mayLead() {
    return memberships.mayBeVoter(commit, self(), incarnation);
  }

  /** Of this node's disk. */
  long incarnation() {
    return incarnation;
  }

  /** Follows the leader, or nobody, in a term that is not below the current one. */
  void follow(long newTerm, int leader) {
    Invariant.check(newTerm >= term, "term %s after term %s", newTerm, term);
    if (newTerm > term) {
      term = newTerm;
      votedFor = 0;
    }
    role = Role.FOLLOWER;
    leads(leader);
    timer.reset();
  }

  void becomePreCandidate() {
    role = Role.PRE_CANDIDATE;
    leaderId = NOBODY;
    timer.reset();
  }

  /** A new term with the own vote; both count only when they are durable (S-01). */
  void becomeCandidate() {
    term++;
    votedFor = self();
    role = Role.CANDIDATE;
    leaderId = NOBODY;
    timer.reset();
  }

  void becomeLeader() {
    Invariant.check(role == Role.CANDIDATE, "a %s becomes leader", role);
    role = Role.LEADER;
    leads(self());
  }

  private void leads(int leader) {
    leaderId = leader;
    if (leader != NOBODY) {
      leaderChanges.leads(leader, now);
    }
  }

  void vote(int candidate) {
    Invariant.check(votedFor == 0 || votedFor == candidate, "a second vote in term %s", term);
    votedFor = candidate;
  }

  void append(Entry entry) {
    log.append(entry);
    unappliedBytes += entry.memoryBytes();
    memberships.appended(entry);
    if (entry.payload() instanceof Payload.Members members) {
      out.add(new Effect.MembershipChanged(members.membership()));
    }
  }

  void truncateFrom(long index) {
    Invariant.check(index > commit, "committed entry %s cut, commit index %s", index, commit);
    long before = memberships.currentIndex();
    unappliedBytes -= log.truncateFrom(index);
    out.cutFrom(index);
    memberships.truncatedFrom(index);
    if (memberships.currentIndex() != before) {
      out.add(new Effect.MembershipChanged(membership()));
    }
  }

  /** Everything up to the index is known to be committed. */
  void commitTo(long index) {
    long target = Math.min(index, log.lastIndex());
    if (target > commit) {
      commit = target;
    }
  }

  /** How many bytes of entries are not applied, committed or not. */
  long unappliedBytes() {
    return unappliedBytes;
  }

  /** Whether there are entries to apply: committed, and durable here. */
  boolean hasReady() {
    return applied < ready();
  }

  private long ready() {
    return Math.min(commit, log.durable());
  }

  /**
   * Hands out what is ready and was not handed out before.
   *
   * @param bytes about how much; the rest stays ready
   */
  void applyReady(long bytes) {
    if (bytes > 0 && hasReady()) {
      List<Entry> ready = log.slice(applied + 1, ready(), bytes);
      applied += ready.size();
      ready.forEach(entry -> unappliedBytes -= entry.memoryBytes());
      memberships.forgetBefore(applied);
      out.add(new Effect.Apply(ready));
    }
  }

  /**
   * Lets go of entries that are applied. The table is what a peer gets that needs them later.
   *
   * @param held entries from here on are wanted by a peer that gets a snapshot, or catches up
   *     behind one: without them it would need another. Memory has a bound for that, too
   */
  void forgetApplied(long held) {
    log.forget(Math.min(applied, held), settings.trailingBytes());
    log.forget(applied, HELD_FACTOR * settings.trailingBytes());
  }

  /** A snapshot is in force in the place of the log. */
  void reset(SnapshotMeta meta) {
    Invariant.check(meta.index() > commit, "snapshot %s at commit %s", meta.index(), commit);
    log.reset(meta);
    memberships.reset(meta);
    commit = meta.index();
    applied = meta.index();
    unappliedBytes = 0;
    out.add(new Effect.MembershipChanged(membership()));
  }

  void checkInvariants() {
    Invariant.check(
        applied <= Math.min(commit, log.durable())
            && commit <= log.lastIndex()
            && log.baseIndex() <= applied,
        "base %s, applied %s, commit %s, durable %s, last %s",
        log.baseIndex(),
        applied,
        commit,
        log.durable(),
        log.lastIndex());
  }
}
