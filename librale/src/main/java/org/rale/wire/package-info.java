/**
 * What nodes say to each other, as types and as bytes: log entries, messages, handshakes, frames of
 * a link and datagrams.
 *
 * <p>Each form has a version, a bound and, where the transport has none, a checksum. Decoders
 * return a whole value or throw {@link org.rale.bytes.MalformedException}; they never trust a
 * length.
 */
@NullMarked
package org.rale.wire;

import org.jspecify.annotations.NullMarked;
