/**
 * Byte strings and the two cursors that read and write them.
 *
 * <p>Everything that RALE stores or sends is bytes: keys, values, log entries, frames. {@link
 * org.rale.bytes.Bytes} is the immutable value, {@link org.rale.bytes.ByteWriter} grows one, and
 * {@link org.rale.bytes.ByteReader} takes one apart without ever trusting a length it finds inside.
 * All integers are big-endian.
 */
@NullMarked
package org.rale.bytes;

import org.jspecify.annotations.NullMarked;
