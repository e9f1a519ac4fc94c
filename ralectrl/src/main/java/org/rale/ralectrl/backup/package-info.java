/**
 * How a backup is fetched: from one server, piece by piece, into a file that gets its name when it
 * is whole. {@link org.rale.ralectrl.backup.Download} is where to start.
 */
@NullMarked
package org.rale.ralectrl.backup;

import org.jspecify.annotations.NullMarked;
