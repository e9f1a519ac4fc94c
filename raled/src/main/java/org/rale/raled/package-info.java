/**
 * The daemon: {@link org.rale.raled.Main} reads options and configuration, sets up logs, PID file
 * and signals, and starts a {@link org.rale.raled.Node}, which does the work.
 */
@NullMarked
package org.rale.raled;

import org.jspecify.annotations.NullMarked;
