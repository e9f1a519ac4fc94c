/**
 * The three logs: raled, dstore and comm. {@link org.rale.raled.log.Logs} sets logback up from the
 * configuration, in code: no XML is looked for or parsed at the start.
 */
@NullMarked
package org.rale.raled.log;

import org.jspecify.annotations.NullMarked;
