package org.rale.raled;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;

/**
 * The signals of the operating system.
 *
 * <p>{@code sun.misc.Signal} is unofficial but the only way, and its module, jdk.unsupported, is
 * there to stay until another exists. javac warns of it at every use and can't be told that this is
 * meant, so it is reached by reflection. Each signal is handled on a thread of its own.
 *
 * <p>The virtual machine keeps QUIT for itself: it prints the stacks of all threads to standard
 * output, and a handler in Java is refused. With -Xrs it would leave QUIT alone, but then refuses
 * handlers for INT, TERM and HUP too (seen on 17 and 25).
 */
final class Signals {
  private Signals() {}

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
