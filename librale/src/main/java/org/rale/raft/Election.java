package org.rale.raft;

import java.util.HashSet;
import java.util.Set;

/**
 * Who may lead: pre-votes, votes, and the answers to both.
 *
 * <p>A node that hears nobody first asks whether it would win (pre-vote, dissertation 9.6), and
 * only then starts a term. A node that hears its leader helps nobody else to power (4.2.3), so a
 * node that was cut off, or removed, disturbs nothing when it comes back.
 */
final class Election {
  /** A node that is alone asks several times a second, for days: its log needs an end to that. */
  private static final int MAX_TOLD = 8;

  private final Core core;

  /** Of the campaign under way; this node's own answer is there when it is durable. */
  private Ballot ballot;

  /** What people were told of questions that were lost, since a leader was heard. */
  private final Set<String> told = new HashSet<>();

  /** Whether this is the first time that it asks since it heard a leader, or helped another one. */
  private boolean firstTry;

  /** The leader that asked for the campaign under way; nobody: silence did. */
  private int giver = Core.NOBODY;

  private boolean removed;
  private long askedAt;

  Election(Core core) {
    this.core = core;
    this.ballot = new Ballot(core.self());
  }

  /** Whether enough of the voters known here said that this node is no member. */
  boolean saidToBeRemoved() {
    return removed;
  }

  /** The leader that asked this node to stand, {@link Core#NOBODY} where silence did. */
  int giver() {
    return giver;
  }

  /** A leader speaks to this node: it is no stranger. */
  void heardLeader() {
    removed = false;
  }

  /** Silence has lasted too long. */
  void timedOut() {
    if (!core.mayLead()) {
      core.follow(core.term(), Core.NOBODY);
      askWhetherMember();
      return;
    }
    firstTry = core.role() == Role.FOLLOWER;
    if (!removed) {
      tellSilence();
    }
    core.becomePreCandidate();
    begin(Core.NOBODY);
    ballot.answered(core.self(), Denial.NONE);
    if (hasMajority()) {
      campaign(Core.NOBODY);
    } else {
      askPreVotes();
    }
  }

  /** Who was silent for how long; or why the question before this one was lost. */
  private void tellSilence() {
    String silence = (long) core.timer.elapsed() * core.settings.tickMs() + " ms";
    String question =
        "asking whether node " + core.self() + " would be elected in term " + (core.term() + 1);
    if (!firstTry) {
      String lost = "not elected: " + ballot.noWords(core.membership());
      if (told.size() < MAX_TOLD && told.add(lost)) {
        core.out.note(Event.Level.INFO, lost + "; " + question);
      }
      return;
    }
    told.clear();
    int leader = core.leaderId();
    if (leader == Core.NOBODY) {
      core.out.note(Event.Level.INFO, "no leader heard for " + silence + "; " + question);
      return;
    }
    int longest = core.timer.longestSilence(leader, core.term(), core.now);
    String before =
        longest == Silences.UNKNOWN
            ? ""
            : " (" + (long) longest * core.settings.tickMs() + " ms at most before)";
    core.out.note(
        Event.Level.INFO,
        "node "
            + leader
            + ", leader of term "
            + core.term()
            + ", not heard for "
            + silence
            + before
            + "; "
            + question);
  }

  /**
   * A learner that was away while it was removed would wait for its leader for ever. It asks like a
   * candidate, and only the answer that it is no member counts.
   */
  private void askWhetherMember() {
    begin(Core.NOBODY);
    if (core.membership().contains(core.self())) {
      askPreVotes();
    }
  }

  /**
   * The leader asked this node to take over (dissertation 3.10): no pre-vote, the leader consents.
   */
  void timeoutNow(int from) {
    if (core.mayLead()) {
      told.clear();
      core.out.note(Event.Level.INFO, "node " + from + " hands leadership over to this node");
      campaign(from);
    }
  }

  /** Asks those again who have not answered: datagrams get lost. */
  void tick() {
    // Twice a heartbeat: these are few, and each round that gets lost is time without a leader.
    if (core.now - askedAt < Math.max(1, core.settings.heartbeatTicks() / 2)) {
      return;
    }
    if (core.role() == Role.PRE_CANDIDATE) {
      askPreVotes();
    } else if (core.role() == Role.CANDIDATE) {
      askVotes();
    }
  }

  private void campaign(int askedBy) {
    core.becomeCandidate();
    String would =
        askedBy == Core.NOBODY
            ? ": " + ballot.yesWords(core.membership()) + " would elect node " + core.self()
            : "";
    begin(askedBy);
    core.out.note(Event.Level.INFO, "asking for votes in term " + core.term() + would);
    askVotes();
  }

  private void begin(int askedBy) {
    ballot = new Ballot(core.self());
    giver = askedBy;
  }

  private void askPreVotes() {
    askedAt = core.now;
    for (int voter : core.membership().voters()) {
      if (voter != core.self() && !ballot.hasAnswered(voter)) {
        core.out.send(
            voter,
            new Message.PreVoteRequest(
                core.term(), core.term() + 1, core.log.lastIndex(), core.log.lastTerm()));
      }
    }
  }

  private void askVotes() {
    askedAt = core.now;
    for (int voter : core.membership().voters()) {
      if (voter != core.self() && !ballot.hasAnswered(voter)) {
        core.out.sendDurably(
            voter,
            new Message.VoteRequest(
                core.term(),
                core.log.lastIndex(),
                core.log.lastTerm(),
                giver != Core.NOBODY,
                core.incarnation()));
      }
    }
  }

  /** Term and vote became durable: now, and not before, the own vote counts (S-01, S-02). */
  boolean ownVoteDurable() {
    if (core.role() != Role.CANDIDATE || waitsForDisk()) {
      return false;
    }
    if (ballot.answered(core.self(), Denial.NONE)) {
      // The requests go out only now, so the wait for their answers begins now.
      core.timer.reset();
    }
    return hasMajority();
  }

  /**
   * Whether the own vote is on its way to the disk. A candidate waits for it however long it takes:
   * to start over in the next term would only give a slow disk more to do.
   */
  boolean waitsForDisk() {
    return core.role() == Role.CANDIDATE && !core.out.durable().equals(core.hardState());
  }

  void onPreVoteRequest(int from, Message.PreVoteRequest request) {
    Denial denial = judge(request.lastIndex(), request.lastTerm());
    if (request.campaignTerm() <= core.term()) {
      denial = Denial.OLD_TERM;
    } else if (hearsLeader()) {
      denial = Denial.LEADER_HEARD;
    } else if (denial == Denial.NONE
        && core.role() == Role.PRE_CANDIDATE
        && core.membership().isVoter(from)) {
      denial = together(from, request);
    }
    core.out.sendDurably(
        from,
        new Message.PreVoteResponse(core.term(), request.campaignTerm(), named(denial, from)));
  }

  /**
   * Two ask at the same time. If both were told yes they would split the votes, and each would wait
   * for another timeout: so one gives way at once. The one with the shorter log does, or else the
   * one with the higher id, which both see alike. Nobody gives way to one that is no voter here: a
   * node that was removed asks again and again (S-10).
   *
   * <p>It is turned down only while it has this node's own question to answer, and only in one
   * campaign: where a network is broken in part, the one that gives way may be the only one that
   * reaches a majority.
   */
  private Denial together(int from, Message.PreVoteRequest request) {
    boolean longer =
        request.lastTerm() != core.log.lastTerm() || request.lastIndex() != core.log.lastIndex();
    if (longer || from < core.self()) {
      core.follow(core.term(), Core.NOBODY);
      return Denial.NONE;
    }
    return firstTry && !ballot.hasAnswered(from) ? Denial.VOTED_OTHER : Denial.NONE;
  }

  void onPreVoteResponse(int from, Message.PreVoteResponse response) {
    boolean asks =
        core.role() == Role.PRE_CANDIDATE
            || (core.role() == Role.FOLLOWER && core.leaderId() == Core.NOBODY && !core.mayLead());
    if (!asks || response.campaignTerm() != core.term() + 1 || !core.membership().isVoter(from)) {
      return;
    }
    answered(from, response.denial());
    if (core.role() == Role.PRE_CANDIDATE && hasMajority()) {
      campaign(Core.NOBODY);
    }
  }

  /** The request's term is the current one: a higher one was adopted before, or ignored. */
  void onVoteRequest(int from, Message.VoteRequest request) {
    Denial denial = judge(request.lastIndex(), request.lastTerm());
    if (core.votedFor() != 0 && core.votedFor() != from) {
      denial = Denial.VOTED_OTHER;
    } else if (core.leaderId() != Core.NOBODY) {
      denial = Denial.LEADER_HEARD;
    }
    if (denial == Denial.NONE) {
      boolean news = core.votedFor() != from;
      core.vote(from);
      // Also ends a pre-campaign of this node's own: it just helped another one.
      core.follow(core.term(), Core.NOBODY);
      if (news) {
        String why = request.transfer() ? ": the leader hands over to it" : "";
        core.out.note(
            Event.Level.INFO, "voting for node " + from + " in term " + core.term() + why);
      }
    }
    answer(from, request, denial);
  }

  void answer(int from, Message.VoteRequest request, Denial denial) {
    core.out.sendDurably(
        from, new Message.VoteResponse(core.term(), named(denial, from), request.incarnation()));
  }

  /** Returns true when this answer made the majority. */
  boolean onVoteResponse(int from, Message.VoteResponse response) {
    if (core.role() != Role.CANDIDATE
        || response.term() != core.term()
        || response.incarnation() != core.incarnation()
        || !core.membership().isVoter(from)) {
      return false;
    }
    answered(from, response.denial());
    return hasMajority();
  }

  /** Whether a leader was heard so recently that nobody else is helped to power (S-10). */
  boolean hearsLeader() {
    return core.role() == Role.LEADER || (core.leaderId() != Core.NOBODY && core.timer.fresh());
  }

  private Denial judge(long lastIndex, long lastTerm) {
    return core.log.isUpToDate(lastIndex, lastTerm) ? Denial.NONE : Denial.LOG_BEHIND;
  }

  private Denial named(Denial denial, int from) {
    boolean stranger =
        !core.memberships.at(core.commit()).contains(from) && !core.membership().contains(from);
    return denial != Denial.NONE && stranger ? Denial.NOT_MEMBER : denial;
  }

  private void answered(int from, Denial denial) {
    if (!ballot.answered(from, denial) || denial == Denial.NONE) {
      return;
    }
    core.out.note(Event.Level.DEBUG, "node " + from + " refused its vote: " + denial);
    if (!removed && ballot.count(Denial.NOT_MEMBER) >= enoughDenials()) {
      removed = true;
      core.out.note(
          Event.Level.WARNING,
          "the cluster says that node "
              + core.self()
              + " is no member: it was removed. ADD it to take it back");
    }
  }

  /** A majority of the voters known here, or all but this one where that is fewer. */
  private int enoughDenials() {
    Membership members = core.membership();
    int others = members.voters().size() - (members.isVoter(core.self()) ? 1 : 0);
    return Math.min(members.quorum(), others);
  }

  private boolean hasMajority() {
    return ballot.isWon(core.membership());
  }

  /** Who elected this node, for people. */
  String electors() {
    return ballot.yesWords(core.membership());
  }
}
