/**
 * The configuration of raled, from text to typed values.
 *
 * <p>The way through: {@link org.rale.raled.config.ConfigReader} reads the file as {@link
 * org.rale.settings.ConfigText} splits it, looks each key up in the table of {@link
 * org.rale.raled.config.Keys}, expands variables, lets the key's {@link org.rale.raled.config.Kind}
 * make a value of the text, puts the environment over it, and asks {@link
 * org.rale.raled.config.CrossChecks} what must hold between keys. What comes out is a {@link
 * org.rale.raled.config.NodeConfig}, or every {@link org.rale.settings.Problem} there is.
 *
 * <p>To add a key: add it to {@code Keys}, to {@code NodeConfig}, to conf/raled.conf.sample and to
 * docs/CONFIGURATION.md; a test fails until the last two are done, and says how.
 */
@NullMarked
package org.rale.raled.config;

import org.jspecify.annotations.NullMarked;
