package org.rale.raled;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals of the operating system.
 *
 * <p>{@code sun.misc.Signal} is unofficial but the only way, and its module, jdk.unsupported, is
 * there to stay until another exists. javac warns of it at every use and can't be told that this is
 * meant, so it is reached by reflection. Each signal is handled on a thread of its own.
 *
 * <p>QUIT is the immediate stop. The virtual machine keeps that signal for itself (it prints the
 * stacks of all threads, and refuses a handler in Java), so the C library is asked to give it back
 * to the kernel: the process is gone at once, and what it acknowledged is on disk. With -Xrs the
 * virtual machine would leave QUIT alone, but then refuses handlers for INT, TERM and HUP too (seen
 * on 17 and 25).
 */
final class Signals {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);
  private static final int SIGQUIT = 3;

  /** Of the C library: a null handler is SIG_DFL. */
  private interface CLibrary extends Library {
    @Nullable Pointer signal(int number, @Nullable Pointer handler);
  }

  private Signals() {}

  /** Leaves QUIT to the kernel, which ends the process. */
  static void letQuitKill() {
    try {
      Native.load("c", CLibrary.class).signal(SIGQUIT, null);
    } catch (UnsatisfiedLinkError e) {
      log.warn("SIGQUIT prints the stacks of all threads and stops nothing: {}", e.getMessage());
    }
  }

  /**
   * @param actions by the signal's name without SIG
   */
  static void install(Map<String, Runnable> actions) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method handle = signal.getMethod("handle", signal, handler);
      for (Map.Entry<String, Runnable> entry : actions.entrySet()) {
        Object named = signal.getConstructor(String.class).newInstance(entry.getKey());
        handle.invoke(null, named, handler(handler, entry.getValue()));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java has no signals: " + e.getMessage(), e);
    }
  }

  private static Object handler(Class<?> type, Runnable action) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          // The virtual machine calls handle and nothing else.
          action.run();
          return null;
        });
  }
}
