/**
 * What a mistyped word was meant to be: configuration keys, verbs and members of JSON all ask here,
 * so that every "did you mean" follows the same rule.
 */
@NullMarked
package org.rale.typo;

import org.jspecify.annotations.NullMarked;
