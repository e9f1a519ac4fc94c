/**
 * What clients asked and were told ({@link org.rale.history.Op}, {@link org.rale.history.History}),
 * and whether it can have happened ({@link org.rale.history.Linearizability}). The simulator and
 * the tests of real daemons are judged by this same code.
 */
package org.rale.history;
