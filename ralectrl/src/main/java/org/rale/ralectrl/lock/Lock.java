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
      Optional<Acquisition.Held> held = acquisition().acquire(plan.patience());
      return held.isPresent() ? runWith(held.get()) : endedBySignal(events.poll());
    }
  }

  private Acquisition acquisition() {
    return new Acquisition(
        store, plan.name(), Bytes.utf8(plan.key()), plan.ttl(), Lock::holder, this::goesOn);
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

  private int runWith(Acquisition.Held held) throws Failure, IOException {
    int exitCode = ExitCode.LOCK_LOST;
    boolean wasHeld = true;
    try (ProcessGroup command = start(held)) {
      Keeper keeper = new Keeper(plan.ttl(), held.sentNanos());
      exitCode = new Holding(store, held.lease(), keeper, events, output).hold(command);
    } finally {
      // Nothing of the command is left by now.
      wasHeld = release(held);
    }
    if (!wasHeld && exitCode != ExitCode.LOCK_LOST) {
      output.warning("the lock was lost before the command ended: somebody ended its lease");
      return ExitCode.LOCK_LOST;
    }
    return exitCode;
  }

  /** Returns whether there was anything to give back, as far as is known. */
  private boolean release(Acquisition.Held held) throws IOException {
    try {
      store.revoke(held.lease());
    } catch (Failure e) {
      if (e.code() == ErrorCode.LEASE_NOT_FOUND) {
        return false;
      }
      output.warning(
          "the lock \"%s\" was not given back, and stays until its %s are over: %s"
              .formatted(plan.name(), Client.seconds(plan.ttl()), e.text()));
    }
    return true;
  }

  private ProcessGroup start(Acquisition.Held held) throws Failure {
    Map<String, String> variables =
        Map.of(
            "RALE_LOCK_NAME", plan.name(),
            "RALE_LOCK_KEY", plan.key(),
            "RALE_LOCK_TOKEN", Long.toString(held.token()),
            "RALE_LOCK_LEASE", Long.toString(held.lease()));
    try {
      return ProcessGroup.start(plan.command(), variables, () -> events.add(new Event.Ended()));
    } catch (IOException e) {
      throw Failure.of(
          ExitCode.LOCK_FAILED,
          ErrorCode.INTERNAL,
          "the command can't be started",
          List.of(String.valueOf(e.getMessage())),
          "LOCK needs the commands setsid (util-linux, busybox) and sh.");
    }
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
