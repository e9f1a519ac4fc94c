package org.rale.dstore;

/**
 * A table that what comes after does not move.
 *
 * @param rowsDigest the sum of the rows' digests, as the state hash has it
 * @param leases by id
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; its owners write to none of it
record FrozenTable(
    int size, long rowsDigest, RowHeap.Frozen rows, KeyIndex.Frozen keys, Lease[] leases) {}
