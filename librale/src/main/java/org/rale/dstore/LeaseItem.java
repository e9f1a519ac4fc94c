package org.rale.dstore;

/**
 * A lease.
 *
 * @param ttlMs how long it lasts when nobody keeps it alive
 * @param keys how many keys hang on it
 */
public record LeaseItem(long id, long ttlMs, int keys) {}
