package org.rale.raled;

import org.rale.raled.config.NodeConfig;

/** Makes the node. It opens nothing yet: that is {@link Node#start}. */
@FunctionalInterface
public interface NodeFactory {
  Node create(NodeConfig config);
}
