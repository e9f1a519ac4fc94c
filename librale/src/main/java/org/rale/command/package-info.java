/**
 * The command protocol: lines of text or JSON in, lines out.
 *
 * <p>A server gives each line to {@link org.rale.command.CommandParser}, has the request carried
 * out, and lets {@link org.rale.command.ReplyRenderer} word the answer in the {@link
 * org.rale.command.Form} that the line came in. A client writes its request with {@link
 * org.rale.command.RequestWriter} and reads the answer with {@link org.rale.command.ReplyParser}.
 * docs/PROTOCOL.md is the same as a contract.
 *
 * <p>Of Jackson only the streaming half is used: a client that asks one question and ends should
 * not load the rest.
 */
@NullMarked
package org.rale.command;

import org.jspecify.annotations.NullMarked;
