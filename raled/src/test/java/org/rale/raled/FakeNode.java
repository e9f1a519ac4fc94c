package org.rale.raled;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.rale.raled.config.NodeConfig;

/** A node that does nothing but tell what it was asked to do. */
final class FakeNode implements Node {
  final List<String> calls = new CopyOnWriteArrayList<>();
  private final NodeConfig config;
  private final BlockingQueue<Integer> end = new LinkedBlockingQueue<>();

  FakeNode(NodeConfig config) {
    this.config = config;
  }

  void end(int exitCode) {
    end.add(exitCode);
  }

  @Override
  public String start() throws StartException {
    calls.add("start");
    if (config.nodeName().equals("damaged")) {
      throw new StartException(ExitCode.BAD_DATA, "cluster.db is damaged", null);
    }
    if (config.nodeName().equals("broken")) {
      throw new IllegalStateException("an invariant is broken");
    }
    return "raled: node " + config.nodeId() + " ready (fake)";
  }

  @Override
  public void requestStop(boolean graceful) {
    calls.add("stop " + (graceful ? "gracefully" : "at once"));
    end(ExitCode.OK);
  }

  @Override
  public String status() {
    return "all is fake";
  }

  @Override
  public String health() {
    return "never better";
  }

  @Override
  public void reload(NodeConfig reloaded) {
    calls.add("reload " + reloaded.keepAlive().timeout().toSeconds());
  }

  @Override
  public int awaitEnd() throws InterruptedException {
    return end.take();
  }
}
