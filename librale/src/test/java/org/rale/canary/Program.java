package org.rale.canary;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * RALE and its tests once more, with some classes replaced: all of org.rale is loaded anew, so that
 * the replaced classes are the ones that the others see.
 */
final class Program extends ClassLoader {
  private static final String OURS = "org.rale.";
  private static final String SOURCES = "librale/src/main/java/";

  private final Map<String, byte[]> replaced;

  private Program(Map<String, byte[]> replaced) {
    super("canary", Program.class.getClassLoader());
    this.replaced = replaced;
  }

  /** As it is. */
  static Program whole() {
    return new Program(Map.of());
  }

  /**
   * With the patch, compiled against the classes of the build.
   *
   * @param root of the repository
   */
  static Program with(Patch patch, Path root) {
    List<JavaFileObject> sources = new ArrayList<>();
    for (String file : patch.files()) {
      String source;
      try {
        source = Files.readString(root.resolve(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      sources.add(new Source(file.substring(SOURCES.length()), patch.applyTo(file, source)));
    }
    return new Program(compile(sources));
  }

  private static Map<String, byte[]> compile(List<JavaFileObject> sources) {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    Map<String, Compiled> classes = new HashMap<>();
    StringWriter complaints = new StringWriter();
    try (JavaFileManager files =
        new ForwardingJavaFileManager<>(javac.getStandardFileManager(null, null, null)) {
          @Override
          public JavaFileObject getJavaFileForOutput(
              Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return classes.computeIfAbsent(name, Compiled::new);
          }
        }) {
      List<String> options =
          List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
      if (!javac.getTask(complaints, files, null, options, null, sources).call()) {
        throw new IllegalStateException("the patched sources do not compile:\n" + complaints);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, byte[]> bytes = new HashMap<>();
    classes.forEach((name, compiled) -> bytes.put(name, compiled.bytes.toByteArray()));
    return bytes;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      byte[] bytes = replaced.containsKey(name) ? replaced.get(name) : bytesOfTheBuild(name);
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  private byte[] bytesOfTheBuild(String name) throws ClassNotFoundException {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String path, String text) {
      super(URI.create("string:///" + path), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Compiled extends SimpleJavaFileObject {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Compiled(String name) {
      super(URI.create("bytes:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
    }

    @Override
    public OutputStream openOutputStream() {
      return bytes;
    }
  }
}
