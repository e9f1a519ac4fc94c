/**
 * The text of a configuration file: settings, comments, quotes, variables, and what is wrong with
 * them in the three parts of a message. It knows no key; the daemon does. The command line reads
 * the few that it needs to find a node.
 *
 * <p>{@link org.rale.settings.SettingsFile} reads a file, {@link org.rale.settings.ConfigText} says
 * how it is written, {@link org.rale.settings.Expansion} puts variables in.
 */
@NullMarked
package org.rale.settings;

import org.jspecify.annotations.NullMarked;
