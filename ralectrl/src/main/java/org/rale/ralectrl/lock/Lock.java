package org.rale.ralectrl.lock;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.ralectrl.client.Client;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.ralectrl.output.Output;
import org.rale.request.ErrorCode;

/** Gets a lock, runs a command while it is held, and gives it back. */
public final class Lock {
  /** What stands before the name of a lock in its key. */
  public static final String PREFIX = "lock/";

  /** Those that are passed on, with their numbers, which are the same on all systems. */
  private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private final Plan plan;
  private final LockStore store;
  private final Output output;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  /**
   * What to do.
   *
   * @param name of the lock
   * @param patience how long to wait for it, 0: not at all
   * @param command with its arguments
   */
  public record Plan(String name, Duration ttl, Duration patience, List<String> command) {
    public Plan {
      command = List.copyOf(command);
    }

    String key() {
      return PREFIX + name;
    }
  }

  public Lock(Plan plan, Client client, Output output) {
    this.plan = plan;
    this.store = new LockStore(client);
    this.output = output;
  }

  /**
   * Does all of it; returns how the program ends.
   *
   * @throws Failure where the command was not started
   */
  public int run() throws Failure, IOException {
    try (Signals signals = new Signals()) {
      for (String name : SIGNALS.keySet()) {
        signals.on(name, () -> events.add(new Event.Signalled(name)));
      }
      // The terminal's "stop" would stop this program and, as that is in another session, not the
      // command, which would go on without a lock.
      signals.on("TSTP", () -> {});
      Acquisition acquisition =
          new Acquisition(
              store, plan.name(), Bytes.utf8(plan.key()), plan.ttl(), Lock::holder, this::goesOn);
      Optional<Acquisition.Held> held = acquisition.acquire(plan.patience());
      if (held.isPresent() && goesOn(Duration.ZERO)) {
        return runWith(held.get(), acquisition);
      }
      held.ifPresent(unwanted -> release(unwanted.lease()));
      return endedBySignal(events.poll());
    }
  }

  /** Nothing but a signal can come before there is a command. */
  private boolean goesOn(Duration time) {
    try {
      Event event = events.poll(time.toNanos(), TimeUnit.NANOSECONDS);
      if (event != null) {
        events.add(event);
      }
      return event == null;
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the main thread", e);
    }
  }

  private static int endedBySignal(@Nullable Event event) {
    String name = event instanceof Event.Signalled signalled ? signalled.name() : "TERM";
    return ExitCode.SIGNAL_BASE + SIGNALS.getOrDefault(name, 0);
  }

  private int runWith(Acquisition.Held held, Acquisition acquisition) throws Failure {
    boolean gone = true;
    boolean wasHeld = true;
    @Nullable Keeper keeper = null;
    int exitCode = ExitCode.LOCK_LOST;
    try {
      ProcessGroup command = guarded();
      gone = false;
      try {
        // Processes were started, which may have taken any time.
        long sent =
            acquisition.isFresh(held.sentNanos())
                ? held.sentNanos()
                : acquisition.renewed(held.lease());
        keeper = new Keeper(plan.ttl(), sent);
        exitCode = runWith(held, keeper, command);
      } finally {
        gone = command.end();
      }
    } finally {
      if (gone) {
        wasHeld = release(held.lease());
      } else {
        warn(
            "the lock \"%s\" is not given back, as something of the command may be left; it ends by"
                    .formatted(plan.name())
                + " itself when its %s are over".formatted(Client.seconds(plan.ttl())));
      }
    }
    // Where a slow REVOKE came to a lease that had ended by then, the command was gone before.
    if (!wasHeld
        && exitCode != ExitCode.LOCK_LOST
        && keeper != null
        && !keeper.mayHaveEnded(System.nanoTime())) {
      warn("the lock was lost before the command ended: somebody ended its lease");
      return ExitCode.LOCK_LOST;
    }
    return exitCode;
  }

  private int runWith(Acquisition.Held held, Keeper keeper, ProcessGroup command) throws Failure {
    try (Holding holding = new Holding(store, held.lease(), keeper, events, this::warn)) {
      begin(command, held);
      return holding.hold(command);
    } catch (IOException e) {
      warn("the command can't be watched, and is killed: " + e.getMessage());
      return ExitCode.LOCK_LOST;
    }
  }

  /** Returns whether there was anything to give back, as far as is known. */
  private boolean release(long lease) {
    try {
      store.revoke(lease);
    } catch (Failure e) {
      if (e.code() == ErrorCode.LEASE_NOT_FOUND) {
        return false;
      }
      warn(
          "the lock \"%s\" was not given back, and stays until its %s are over: %s"
              .formatted(plan.name(), Client.seconds(plan.ttl()), e.text()));
    }
    return true;
  }

  /** Where nobody can be told, the exit code still says how it went. */
  private void warn(String text) {
    try {
      output.warning(text);
    } catch (IOException ignored) {
      // The command's exit code is worth more than this.
    }
  }

  private static ProcessGroup guarded() throws Failure {
    try {
      return ProcessGroup.guarded();
    } catch (IOException e) {
      throw notStarted(e);
    }
  }

  private void begin(ProcessGroup command, Acquisition.Held held) throws Failure {
    Map<String, String> variables =
        Map.of(
            "RALE_LOCK_NAME", plan.name(),
            "RALE_LOCK_KEY", plan.key(),
            "RALE_LOCK_TOKEN", Long.toString(held.token()),
            "RALE_LOCK_LEASE", Long.toString(held.lease()));
    try {
      command.begin(plan.command(), variables, () -> events.add(new Event.Ended()));
    } catch (IOException e) {
      throw notStarted(e);
    }
  }

  private static Failure notStarted(IOException e) {
    return Failure.of(
        ExitCode.LOCK_FAILED,
        ErrorCode.INTERNAL,
        "the command can't be started",
        List.of(String.valueOf(e.getMessage())),
        "LOCK needs the commands setsid (util-linux, busybox) and sh.");
  }

  /** For people who look at who has the lock; the lease makes it unlike any other one. */
  private static Bytes holder(long lease) {
    return Bytes.utf8(
        "host=%s pid=%d lease=%d".formatted(host(), ProcessHandle.current().pid(), lease));
  }

  private static String host() {
    try {
      return Files.readString(HOST_NAME, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (IOException unknown) {
        return "unknown";
      }
    }
  }
}
