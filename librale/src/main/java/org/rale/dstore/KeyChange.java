package org.rale.dstore;

import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/**
 * A key was put or taken out.
 *
 * @param revision of the command that did it
 * @param item what the key was after it; null: it was taken out
 */
public record KeyChange(Bytes key, long revision, @Nullable Item item) {}
