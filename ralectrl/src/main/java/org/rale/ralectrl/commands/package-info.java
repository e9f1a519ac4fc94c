/**
 * The commands, one file each, and what they share: {@link org.rale.ralectrl.commands.Session}, the
 * options that all of them take, and how their arguments are read: {@link
 * org.rale.ralectrl.commands.ArgumentReader} sorts what the user wrote.
 *
 * <p>A command says in a {@link org.rale.ralectrl.commands.Syntax} what it takes, turns that into a
 * {@link org.rale.request.Request}, and says how the answer looks as text. {@link
 * org.rale.ralectrl.commands.Catalog} lists all of them.
 */
@NullMarked
package org.rale.ralectrl.commands;

import org.jspecify.annotations.NullMarked;
