package org.rale.raled.hooks;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rale.raled.config.NodeConfig.HookCommands;
import org.rale.replica.ClusterView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the hooks of a node: one at a time, in the order of the changes, each with what is known
 * when it begins. What came and went while one ran is passed over.
 */
public final class Hooks {
  private static final Logger log = LoggerFactory.getLogger(Hooks.class);
  private static final Duration LAST_WAIT = Duration.ofSeconds(1);

  private final String nodeName;
  private final String clusterName;
  private final Thread thread = new Thread(this::run, "rale-hooks");
  private volatile HookCommands commands;
  private volatile @Nullable Standing standing;
  private volatile boolean ending;

  /** What the hooks were told last; null: nothing yet. Of the thread alone. */
  private @Nullable Standing roleTold;

  private @Nullable Standing membersTold;

  /**
   * @param commands what is run, until {@link #configure}
   */
  public Hooks(String nodeName, String clusterName, HookCommands commands) {
    this.nodeName = nodeName;
    this.clusterName = clusterName;
    this.commands = commands;
    thread.setDaemon(true);
  }

  /** Begins to run them; what was seen before counts. */
  public void start() {
    thread.start();
  }

  /** What the node knows from now on. Never blocks. */
  public void saw(ClusterView view) {
    standing = Standing.of(view);
    LockSupport.unpark(thread);
  }

  /** From the next run on. One that was not set before is run at once. */
  public void configure(HookCommands fresh) {
    commands = fresh;
    LockSupport.unpark(thread);
  }

  /**
   * Tells the hook of roles that the node has stopped, and ends. What runs then, or for that, is
   * killed when the patience is over.
   */
  public void stop(Duration patience) throws InterruptedException {
    ending = true;
    LockSupport.unpark(thread);
    if (thread.isAlive() && !patience.isZero()) {
      thread.join(patience.toMillis());
    }
    thread.interrupt();
    thread.join(LAST_WAIT.toMillis());
  }

  /** What waits in {@link #stop}, or will, waits no longer. */
  public void hurry() {
    if (ending) {
      thread.interrupt();
    }
  }

  private void run() {
    try {
      while (!ending) {
        Standing now = standing;
        if (now == null || !tell(now)) {
          LockSupport.park(this);
        }
        if (Thread.interrupted()) {
          return;
        }
      }
      Standing last = standing;
      if (last != null) {
        tell(last.stopped());
      }
    } catch (InterruptedException e) {
      log.warn("the hook that ran was killed, as raled ends");
    }
  }

  /** Runs the hooks to which this is news; whether there was any. */
  private boolean tell(Standing now) throws InterruptedException {
    HookCommands due = commands;
    boolean told = false;
    if (!due.onRoleChange().isEmpty() && (roleTold == null || !now.hasRoleOf(roleTold))) {
      roleTold = now;
      run("on_role_change", due.onRoleChange(), now, due.timeout());
      told = true;
    }
    if (now.role() != Standing.Role.STOPPED
        && !due.onMembershipChange().isEmpty()
        && (membersTold == null || !now.hasMembersOf(membersTold))) {
      membersTold = now;
      run("on_membership_change", due.onMembershipChange(), now, due.timeout());
      told = true;
    }
    return told;
  }

  private void run(String name, String command, Standing now, Duration limit)
      throws InterruptedException {
    Map<String, String> variables = new LinkedHashMap<>(now.variables());
    variables.put("RALE_HOOK", name);
    variables.put("RALE_NODE_ID", Integer.toString(now.nodeId()));
    variables.put("RALE_NODE_NAME", nodeName);
    variables.put("RALE_CLUSTER_NAME", clusterName);
    log.info(
        "{}: role {}, leader {}, term {}, members {}",
        name,
        now.word(),
        now.leaderId(),
        now.term(),
        now.membership().members().size());
    try {
      HookRun.run(name, command, variables, limit);
    } catch (RuntimeException | Error e) {
      // No thread or no memory for it: that is no reason for the node to end.
      log.warn("{} was not run to its end: {}", name, e.toString());
    }
  }
}
