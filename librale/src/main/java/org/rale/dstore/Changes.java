package org.rale.dstore;

import java.util.List;

/**
 * A part of the recent changes, in the order in which they were applied.
 *
 * @param revision up to which these are all that were asked for: who goes on asks from here
 * @param complete whether that is as far as the table has come
 */
public record Changes(List<KeyChange> list, long revision, boolean complete) {
  public Changes {
    list = List.copyOf(list);
  }
}
