package org.rale.raled.hooks;

import java.io.IOException;
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

  /** Before a hook that could not be started is tried again, where nothing happens meanwhile. */
  private static final Duration AGAIN = Duration.ofSeconds(5);

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
        switch (tellNext()) {
          case NOTHING -> LockSupport.park(this);
          case FAILED -> LockSupport.parkNanos(this, AGAIN.toNanos());
          case RAN -> {}
        }
        if (Thread.interrupted()) {
          return;
        }
      }
      Standing last = standing;
      if (last != null) {
        tellRole(last.stopped(), commands);
      }
    } catch (InterruptedException e) {
      log.warn("the hook that ran was killed, as raled ends");
    }
  }

  /** What came of a look for a hook to run. */
  private enum Told {
    NOTHING,
    RAN,
    /** It could not be started, and is due as before. */
    FAILED
  }

  /** Runs one hook to which what is known now is news. */
  private Told tellNext() throws InterruptedException {
    Standing now = standing;
    HookCommands due = commands;
    if (now == null) {
      return Told.NOTHING;
    }
    Told told = tellRole(now, due);
    return told == Told.NOTHING ? tellMembers(now, due) : told;
  }

  private Told tellRole(Standing now, HookCommands due) throws InterruptedException {
    if (due.onRoleChange().isEmpty()) {
      roleTold = null;
      return Told.NOTHING;
    }
    if (roleTold != null && now.hasRoleOf(roleTold)) {
      return Told.NOTHING;
    }
    if (!run("on_role_change", due.onRoleChange(), now, due.timeout())) {
      return Told.FAILED;
    }
    roleTold = now;
    return Told.RAN;
  }

  private Told tellMembers(Standing now, HookCommands due) throws InterruptedException {
    if (due.onMembershipChange().isEmpty()) {
      membersTold = null;
      return Told.NOTHING;
    }
    if (membersTold != null && now.hasMembersOf(membersTold)) {
      return Told.NOTHING;
    }
    if (!run("on_membership_change", due.onMembershipChange(), now, due.timeout())) {
      return Told.FAILED;
    }
    membersTold = now;
    return Told.RAN;
  }

  /** Returns whether it began; how it ended is nobody's trouble. */
  private boolean run(String name, String command, Standing now, Duration limit)
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
    HookRun run;
    try {
      run = HookRun.start(name, command, variables);
    } catch (IOException | RuntimeException | Error e) {
      // No process, thread or memory for it: that is no reason for the node to end.
      log.warn("{} can't be run, and is tried again: {}", name, e.toString());
      return false;
    }
    try {
      run.await(limit);
    } catch (RuntimeException | Error e) {
      log.warn("{} was not run to its end: {}", name, e.toString());
    }
    return true;
  }
}
