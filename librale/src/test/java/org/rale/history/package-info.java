/**
 * What clients asked and were told ({@code Op}, {@code History}), and whether it can have happened:
 * key by key ({@code Linearizability}) and over all keys ({@code Revisions}). The simulator and the
 * tests of real daemons are judged by this same code.
 */
@NullMarked
package org.rale.history;

import org.jspecify.annotations.NullMarked;
