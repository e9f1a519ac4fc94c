package org.rale.raled.net;

import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Host names to addresses without blocking an event loop: the system's resolver may take many
 * seconds when a name server is down. Numeric addresses are answered at once.
 */
final class HostResolver implements AutoCloseable {
  /** Two, so that one dead name server does not keep the names of the others waiting. */
  private static final int THREADS = 2;

  /** Above one question per peer; the asker asks again later anyway. */
  private static final int MAX_WAITING = 256;

  /** Either an address or the reason why there is none. */
  sealed interface Answer {
    record Found(InetAddress address) implements Answer {}

    record Unknown(String reason) implements Answer {}
  }

  private final Home home;
  private final ThreadPoolExecutor lookups;

  HostResolver(Home home) {
    this.home = home;
    this.lookups =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            new DefaultThreadFactory("rale-resolver", true));
    lookups.allowCoreThreadTimeOut(true);
  }

  /** Called at home. A numeric address is answered before this returns. */
  void resolve(String host, Consumer<Answer> answer) {
    InetAddress numeric = NetUtil.createInetAddressFromIpAddressString(host);
    if (numeric != null) {
      answer.accept(new Answer.Found(numeric));
      return;
    }
    try {
      lookups.execute(
          () -> {
            Answer found = lookUp(host);
            home.execute(() -> answer.accept(found));
          });
    } catch (RejectedExecutionException e) {
      answer.accept(new Answer.Unknown("too many host names wait for the name server"));
    }
  }

  private static Answer lookUp(String host) {
    try {
      return new Answer.Found(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return new Answer.Unknown("host name \"" + host + "\" is not known to the name server");
    }
  }

  @Override
  public void close() {
    lookups.shutdownNow();
  }
}
