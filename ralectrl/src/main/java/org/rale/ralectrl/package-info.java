/**
 * The command line of a cluster. {@link org.rale.ralectrl.Ralectrl} reads it and runs one command:
 *
 * <ul>
 *   <li>{@code commands}: what can be asked for, one file a command
 *   <li>{@code client}: how servers are asked
 *   <li>{@code backup}: how a backup is fetched
 *   <li>{@code bench}: how fast a cluster is found out
 *   <li>{@code lock}: a lock, and a command that runs under it
 *   <li>{@code db}: what is shown of a cluster.db
 *   <li>{@code output}: what the user sees
 * </ul>
 *
 * <p>The program lives for a tenth of a second. So it loads little: no logging, no Netty, no
 * picocli where the command line is a usual one, and of its commands only the one that was asked
 * for.
 */
@NullMarked
package org.rale.ralectrl;

import org.jspecify.annotations.NullMarked;
