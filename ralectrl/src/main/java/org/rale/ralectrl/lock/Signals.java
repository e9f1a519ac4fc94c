package org.rale.ralectrl.lock;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The signals that this program passes on instead of ending by them, until it is closed. {@code
 * sun.misc.Signal} is the only way, and javac warns of it at every use: hence the reflection. One
 * that was ignored when the program began, as nohup does it with HUP, stays so for the command,
 * too.
 */
final class Signals implements AutoCloseable {
  private final Class<?> handlerType;
  private final Class<?> signalType;
  private final Method handle;
  private final Deque<Before> before = new ArrayDeque<>();

  private record Before(String name, @Nullable Object handler) {}

  Signals() {
    try {
      signalType = Class.forName("sun.misc.Signal");
      handlerType = Class.forName("sun.misc.SignalHandler");
      handle = signalType.getMethod("handle", signalType, handlerType);
    } catch (ReflectiveOperationException e) {
      throw noSignals(e);
    }
  }

  /**
   * @param name without SIG
   * @param action is run by a thread of its own for each signal
   */
  void on(String name, Runnable action) {
    Object handler =
        Proxy.newProxyInstance(
            handlerType.getClassLoader(),
            new Class<?>[] {handlerType},
            (self, method, arguments) -> {
              // The virtual machine calls handle and nothing else.
              action.run();
              return null;
            });
    before.push(new Before(name, handle(name, handler)));
  }

  private @Nullable Object handle(String name, @Nullable Object handler) {
    try {
      Object signal = signalType.getConstructor(String.class).newInstance(name);
      return handle.invoke(null, signal, handler);
    } catch (ReflectiveOperationException e) {
      throw noSignals(e);
    }
  }

  private static IllegalStateException noSignals(ReflectiveOperationException e) {
    return new IllegalStateException("this Java has no signals: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    while (!before.isEmpty()) {
      Before last = before.pop();
      handle(last.name(), last.handler());
    }
  }
}
