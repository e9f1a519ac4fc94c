/**
 * The library's face. {@link org.rale.Rale} is a node in this process: {@code init}, {@code
 * processCommand}, {@code getStatus}, {@code quorumProcess}, {@code finit}.
 */
@NullMarked
package org.rale;

import org.jspecify.annotations.NullMarked;
