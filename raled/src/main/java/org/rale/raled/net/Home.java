package org.rale.raled.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rale.raled.clients.FatalErrors;

/**
 * The event loop that owns everything about peers. Work given to it after it ended is forgotten:
 * then there is nothing left that it could touch.
 */
final class Home implements Executor {
  private final EventLoop loop;

  Home(EventLoop loop) {
    this.loop = loop;
  }

  EventLoop loop() {
    return loop;
  }

  /** Always later, even where the caller is at home already: so nothing runs in the midst of it. */
  @Override
  public void execute(Runnable work) {
    try {
      loop.execute(FatalErrors.guarded(work));
    } catch (RejectedExecutionException e) {
      if (!loop.isShuttingDown()) {
        throw e;
      }
    }
  }

  @Nullable ScheduledFuture<?> schedule(Runnable work, long delayMs) {
    try {
      return loop.schedule(FatalErrors.guarded(work), delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      if (!loop.isShuttingDown()) {
        throw e;
      }
      return null;
    }
  }

  /** A broken rule of this package, not of the network. */
  void check() {
    if (!loop.inEventLoop()) {
      throw new IllegalStateException("not at home but on " + Thread.currentThread().getName());
    }
  }
}
