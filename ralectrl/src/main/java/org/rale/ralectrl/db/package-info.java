/**
 * What the command DB shows of a cluster.db. {@link org.rale.ralectrl.db.Inspector} reads it, with
 * the code of a start ({@link org.rale.clusterdb.ClusterDbFile}); the other classes word what was
 * found, as text or as JSON.
 */
@NullMarked
package org.rale.ralectrl.db;

import org.jspecify.annotations.NullMarked;
