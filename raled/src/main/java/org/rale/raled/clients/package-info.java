/**
 * A client's connection: bytes in, lines, requests, replies in request order, bytes out.
 *
 * <p>{@link org.rale.raled.clients.TextConnection} is the one handler in a client's pipeline; it
 * serves TCP and the control socket alike. It cuts lines out of a {@link
 * org.rale.raled.clients.LineBuffer}, gives requests to a {@link
 * org.rale.raled.clients.RequestHandler}, and keeps order in a {@link
 * org.rale.raled.clients.ReplyQueue}. The wording of lines and replies is {@code
 * org.rale.command}'s.
 *
 * <p>Every bound is back-pressure first: a client that asks faster than it is answered, or reads
 * slower than it is answered, is read from more slowly, and loses nothing. The bounds stand in
 * {@link org.rale.raled.clients.ClientLimits}; what memory all connections share follows the heap
 * ({@link org.rale.MemoryShare}), and what they have under way at the node is one {@link
 * org.rale.raled.clients.Window}.
 */
@NullMarked
package org.rale.raled.clients;

import org.jspecify.annotations.NullMarked;
