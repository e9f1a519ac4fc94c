package org.rale.dstore;

/**
 * Who made a change, so that a retried one is applied once (S-15; dissertation 6.3).
 *
 * @param clientHigh first half of the client's random 128-bit id; both halves 0: no client id, and
 *     no protection
 * @param clientLow second half
 * @param sequence the client's number for this change, from 1, never used for another one
 * @param acknowledged the client has the answers of all its changes up to this sequence: they may
 *     be forgotten
 * @param retry whether the change may have been sent before
 * @param since a log index that had been applied somewhere when the change was first sent; 0 when
 *     not known. If the table has since forgotten clients, an unknown client's retry is not applied
 */
public record Origin(
    long clientHigh, long clientLow, long sequence, long acknowledged, boolean retry, long since) {
  public static final Origin NONE = new Origin(0, 0, 0, 0, false, 0);

  public boolean isPresent() {
    return clientHigh != 0 || clientLow != 0;
  }

  public Origin asRetry() {
    return new Origin(clientHigh, clientLow, sequence, acknowledged, true, since);
  }
}
