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

  /** Made by its class loader where a whole process is tested. */
  public static final class Factory implements NodeFactory {
    @Override
    public Node create(NodeConfig config) {
      return new FakeNode(config);
    }
  }

  FakeNode(NodeConfig config) {
    this.config = config;
  }

  void end(int exitCode) {
    end.add(exitCode);
  }

  @Override
  public String start() throws StartException {
    calls.add("start");
    switch (config.nodeName()) {
      case "damaged" -> throw new StartException(ExitCode.BAD_DATA, "cluster.db is damaged", null);
      case "dying" -> {
        Thread thread =
            new Thread(
                () -> {
                  throw new AssertionError("broken invariant");
                },
                "loop");
        thread.start();
      }
      case "hungry" -> swallowOutOfMemory();
      default -> {}
    }
    return "raled: node " + config.nodeId() + " ready (fake)";
  }

  private static void swallowOutOfMemory() {
    try {
      Object[] chain = {};
      while (chain != null) {
        chain = new Object[] {chain, new long[1 << 20]};
      }
    } catch (OutOfMemoryError e) {
      System.err.println("swallowed");
    }
  }

  @Override
  public void requestStop(boolean graceful) {
    calls.add("stop " + (graceful ? "gracefully" : "at once"));
    if (config.nodeName().equals("stubborn") && graceful) {
      return;
    }
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
