/**
 * Commands that are run when the node's role or the cluster's members change. {@link
 * org.rale.raled.hooks.Hooks} decides which is due, {@link org.rale.raled.hooks.HookRun} runs it.
 *
 * <p>The thread that decides for the cluster leaves what it knows in one place and goes on; all
 * else is done by a thread of this package, and by processes that it waits for with a limit.
 */
@NullMarked
package org.rale.raled.hooks;

import org.jspecify.annotations.NullMarked;
