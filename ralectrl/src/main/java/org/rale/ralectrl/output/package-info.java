/**
 * What a user or a script sees: values and texts on standard output, failures on standard error,
 * and the exit code. Nothing else in the program writes to either stream.
 */
@NullMarked
package org.rale.ralectrl.output;

import org.jspecify.annotations.NullMarked;
