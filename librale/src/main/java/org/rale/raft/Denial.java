package org.rale.raft;

/** Why a vote or pre-vote was not given. */
public enum Denial {
  /** It was given. */
  NONE,
  /** The asker's term is over. */
  OLD_TERM,
  /** The vote of this term went to another node. */
  VOTED_OTHER,
  /** The asker's log lacks entries that the voter has (section 5.4.1). */
  LOG_BEHIND,
  /** The voter hears a leader (dissertation 4.2.3, S-10). */
  LEADER_HEARD,
  /** The asker is not in the voter's committed membership. */
  NOT_MEMBER
}
