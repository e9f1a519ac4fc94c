package org.rale.dstore;

import org.rale.bytes.Bytes;

/**
 * A value in the table.
 *
 * @param revision the log index of the last change
 * @param createdRevision the log index at which the key came to exist
 * @param version changes since then, from 1
 */
public record Item(Bytes value, long revision, long createdRevision, long version) {}
