/**
 * What clients ask and what they are told, free of any form: the text and JSON protocol renders
 * these types, and nodes forward them to each other.
 */
@NullMarked
package org.rale.request;

import org.jspecify.annotations.NullMarked;
