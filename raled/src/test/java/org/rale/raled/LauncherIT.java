package org.rale.raled;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** scripts/raled and scripts/ralectrl as processes, installed and from the checkout. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LauncherIT {
  private static final Path SCRIPTS = Path.of("../scripts").toAbsolutePath().normalize();
  private static final String JAVA_HOME = System.getProperty("java.home");

  /**
   * What is started in the background of a shell without job control ignores INT, by nohup HUP, and
   * so does all that it starts; a virtual machine then takes no handler for it.
   */
  private static final List<String> HEARING_INT =
      succeeds("env", "--default-signal=INT,HUP", "true")
          ? List.of("env", "--default-signal=INT,HUP")
          : List.of();

  @TempDir Path dir;
  private Path installed;
  private Path pidFile;
  private int ralePort;
  private int dstorePort;
  private final List<Process> started = new ArrayList<>();

  /** bin/ and lib/rale/ as packages lay them out. */
  @BeforeEach
  void install() throws IOException {
    Path lib = Files.createDirectories(dir.resolve("usr/lib/rale"));
    Path target = Path.of("target").toAbsolutePath();
    Files.createSymbolicLink(lib.resolve("raled.jar"), target.resolve("raled.jar"));
    try (var jars = Files.newDirectoryStream(target.resolve("lib"))) {
      for (Path jar : jars) {
        Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
      }
    }
    Path bin = Files.createDirectories(dir.resolve("usr/bin"));
    installed = copy("raled", bin);
    pidFile = dir.resolve("raled.pid");
    try (DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ralePort = udp.getLocalPort();
      dstorePort = tcp.getLocalPort();
    }
  }

  @AfterEach
  void endAll() throws IOException {
    started.forEach(Process::destroyForcibly);
    if (Files.exists(pidFile)) {
      long pid = Long.parseLong(Files.readString(pidFile).strip());
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static Path copy(String script, Path to) throws IOException {
    Path copy = Files.copy(SCRIPTS.resolve(script), to.resolve(script));
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    return copy;
  }

  private ProcessBuilder command(Path launcher, String... args) {
    List<String> command = new ArrayList<>(HEARING_INT);
    command.add(launcher.toString());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
    builder.environment().put("JAVA_HOME", JAVA_HOME);
    builder.environment().remove("JAVA_OPTS");
    builder.environment().remove("RALE_JAVA_OPTS");
    return builder;
  }

  private static boolean succeeds(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    started.add(process);
    return process;
  }

  /** How a process ended. */
  private record Ended(int exitCode, String out, String err) {}

  private Ended run(ProcessBuilder builder) throws Exception {
    Path out = Files.createTempFile(dir, "out", "");
    Path err = Files.createTempFile(dir, "err", "");
    Process process = start(builder.redirectOutput(out.toFile()).redirectError(err.toFile()));
    int exitCode = process.waitFor();
    return new Ended(exitCode, Files.readString(out), Files.readString(err));
  }

  private String config(String more) throws IOException {
    String text =
        """
        log_directory = log
        raled_log_destination = stderr
        path = data
        socket_path = s
        rale_port = %d
        dstore_port = %d
        """
            .formatted(ralePort, dstorePort);
    return Files.writeString(dir.resolve("n.conf"), text + more).toString();
  }

  /** What raled says when it serves. */
  private String ready(int nodeId) {
    return "raled: node %d ready (rale 127.0.0.1:%d/udp, dstore 127.0.0.1:%d/tcp, control s)"
        .formatted(nodeId, ralePort, dstorePort);
  }

  private Process startNode(String more) throws IOException {
    return start(command(installed, "-c", config(more), "-p", pidFile.toString()));
  }

  private static void kill(String signal, long pid) throws Exception {
    assertThat(new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid).start().waitFor())
        .isZero();
  }

  private static String line(BufferedReader reader, String containing) throws IOException {
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.contains(containing)) {
        return line;
      }
    }
    throw new AssertionError("the output ended before a line with " + containing);
  }

  @Test
  void fromACheckoutThroughLinks() throws Exception {
    Path one = Files.createSymbolicLink(dir.resolve("one"), SCRIPTS.resolve("raled"));
    Files.createDirectory(dir.resolve("sub"));
    Path two = Files.createSymbolicLink(dir.resolve("sub/two"), Path.of("../one"));
    for (Path launcher : List.of(SCRIPTS.resolve("raled"), one, two)) {
      Ended ended = run(command(launcher, "--version"));
      assertThat(ended.err()).isEmpty();
      assertThat(ended.out()).matches("raled \\d.*\n");
      assertThat(ended.exitCode()).isZero();
    }
  }

  @Test
  void usageAndConfigurationErrorsAreTwo() throws Exception {
    assertThat(run(command(installed, "--nonsense")).exitCode()).isEqualTo(2);
    Ended ended = run(command(installed, "-c", config("node_id = 0\nnod_id = 1\n")));
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains("n.conf:7: error: invalid value for node_id", "Did you mean node_id?")
        .endsWith("raled: 2 errors in the configuration\n");
  }

  @Test
  void theProcessIsTheDaemonAndTermStopsIt() throws Exception {
    Process process = startNode("");
    BufferedReader out = process.inputReader();
    BufferedReader err = process.errorReader();
    assertThat(out.readLine()).isEqualTo(ready(1));
    assertThat(pidFile).hasContent(process.pid() + "\n");
    kill("USR1", process.pid());
    assertThat(line(err, "status"))
        .contains("[rale/1] INFO raled: status: STATUS: node_id=1, role=follower, cluster_size=0,");
    kill("USR2", process.pid());
    assertThat(line(err, "health"))
        .contains("[rale/1] INFO raled: health: 0 client connections over ");
    kill("PIPE", process.pid());
    config("log_level = debug");
    kill("HUP", process.pid());
    assertThat(line(err, "reloaded")).endsWith("reloaded: raled_log_level: info to debug");
    kill("TERM", process.pid());
    assertThat(process.waitFor()).isZero();
    assertThat(line(err, "SIGTERM")).endsWith("SIGTERM: stopping");
    assertThat(out.readLine()).isNull();
    assertThat(pidFile).doesNotExist();
  }

  /** jcmd and jstack send QUIT to a process that they find no socket of, and QUIT ends this one. */
  @Test
  void whoLooksAtItsThreadsDoesNotEndIt() throws Exception {
    Process process = startNode("");
    assertThat(process.inputReader().readLine()).isEqualTo(ready(1));
    ProcessBuilder jcmd =
        new ProcessBuilder(JAVA_HOME + "/bin/jcmd", "" + process.pid(), "Thread.print");
    Ended ended = run(jcmd);
    assertThat(ended.out()).contains("rale-loop");
    assertThat(ended.exitCode()).isZero();
    kill("TERM", process.pid());
    assertThat(process.waitFor()).isZero();
  }

  /** A graceful stop waits for the request under way, and this one is for an hour. */
  @Test
  void aSecondStopDoesNotWait() throws Exception {
    Process process = startNode("communication_timeout = 3600\n");
    assertThat(process.inputReader().readLine()).isEqualTo(ready(1));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), dstorePort)) {
      BufferedReader replies =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      socket.getOutputStream().write(request("ADD 1 default 127.0.0.1 %d %d", 0));
      assertThat(replies.readLine()).isEqualTo("OK: node 1 added");
      // Nobody listens there, and ADD waits for whom it is given.
      socket.getOutputStream().write(request("ADD 2 absent 127.0.0.2 %d %d", 1));
      kill("INT", process.pid());
      line(process.errorReader(), "SIGINT: stopping");
      assertThat(process.isAlive()).isTrue();
      kill("INT", process.pid());
      assertThat(process.waitFor()).isZero();
      assertThat(pidFile).doesNotExist();
    }
  }

  private byte[] request(String format, int more) {
    return (format.formatted(ralePort + more, dstorePort + more) + "\n").getBytes(UTF_8);
  }

  @Test
  void aSecondDaemonIsRefused() throws Exception {
    Process process = startNode("");
    assertThat(process.inputReader().readLine()).isEqualTo(ready(1));
    Ended second =
        run(command(installed, "-c", dir.resolve("n.conf").toString(), "-p", pidFile.toString()));
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.err()).contains("raled is already running with process id " + process.pid());
    assertThat(pidFile).hasContent(process.pid() + "\n");
  }

  /** A command whose process has {@link FaultAgent} in it. */
  private ProcessBuilder faulty(String fault, String moreOptions) throws IOException {
    Path jar = dir.resolve("fault.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", FaultAgent.class.getName());
    String name = FaultAgent.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        InputStream in = FaultAgent.class.getClassLoader().getResourceAsStream(name)) {
      out.putNextEntry(new JarEntry(name));
      in.transferTo(out);
    }
    ProcessBuilder command = command(installed, "-c", config(""), "-p", pidFile.toString());
    command
        .environment()
        .put("RALE_JAVA_OPTS", "-javaagent:" + jar + "=" + fault + " " + moreOptions);
    return command;
  }

  @Test
  void S_18_anErrorThatNobodyCatchesEndsTheProcess() throws Exception {
    Ended ended = run(faulty("uncaught", ""));
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err())
        .contains(
            "ERROR raled: thread faulty failed: raled ends", "AssertionError: broken invariant");
  }

  @Test
  void S_18_runningOutOfMemoryEndsTheProcessEvenWhereItIsCaught() throws Exception {
    Ended ended = run(faulty("swallowed", "-Xmx32m"));
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out() + ended.err()).contains("OutOfMemoryError").doesNotContain("swallowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--daemon", "-d", "-vd"})
  void inTheBackground(String option) throws Exception {
    Ended ended =
        run(command(installed, option, "-c", config("node_id = 7"), "-p", pidFile.toString()));
    assertThat(ended.out()).isEqualTo(ready(7) + "\n");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    long pid = Long.parseLong(Files.readString(pidFile).strip());
    assertThat(sessionOf(pid)).isEqualTo(pid);
    kill("INT", pid);
    Path log = dir.resolve("log");
    await(log, () -> Files.readString(log.resolve("raled1.log")).contains("SIGINT: stopping"));
    await(dir, () -> !Files.exists(pidFile));
  }

  /** Something that files tell. */
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Path directory, Condition condition) throws Exception {
    try (var watch = directory.getFileSystem().newWatchService()) {
      directory.register(
          watch, StandardWatchEventKinds.ENTRY_DELETE, StandardWatchEventKinds.ENTRY_MODIFY);
      while (!condition.holds()) {
        assertThat(watch.poll(60, TimeUnit.SECONDS)).isNotNull().matches(WatchKey::reset);
      }
    }
  }

  /** The sixth field of stat; the second is the command, in parentheses. */
  private static long sessionOf(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
  }

  @Test
  void aDaemonThatCannotStartGivesItsExitCode() throws Exception {
    Path clusterDb = Files.createDirectory(dir.resolve("data")).resolve("cluster.db");
    Files.write(clusterDb, new byte[4096]);
    Ended ended = run(command(installed, "-d", "-c", config(""), "-p", "" + pidFile));
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("raled: file \"data/cluster.db\" is damaged at byte 0. ");
    assertThat(run(command(installed, "-d", "-c", config("x = 1"))).exitCode()).isEqualTo(2);
    assertThat(run(command(installed, "-d", "-f")).exitCode()).isEqualTo(2);
    assertThat(run(command(installed, "-dh")).exitCode()).isZero();
    Ended named = run(command(installed, "-c", "-d"));
    assertThat(named.exitCode()).isEqualTo(2);
    assertThat(named.err()).startsWith("raled: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"raled", "ralectrl"})
  void whatIsMissingIsNamed(String program) throws Exception {
    Path checkout = dir.resolve("checkout");
    Path launcher = copy(program, Files.createDirectories(checkout.resolve("scripts")));
    assertThat(run(command(launcher)))
        .matches(e -> e.exitCode() == 1)
        .matches(e -> e.err().startsWith(program + ": no " + program + ".jar: neither a checkout"));
    Files.createDirectories(checkout.resolve(program + "/target"));
    Files.writeString(checkout.resolve(program + "/pom.xml"), "");
    assertThat(run(command(launcher)))
        .matches(e -> e.exitCode() == 1)
        .matches(e -> e.err().endsWith("is not there: build it with 'mvn package' first\n"));
    Files.writeString(checkout.resolve(program + "/target/" + program + ".jar"), "");
    ProcessBuilder noHome = command(launcher);
    noHome.environment().put("JAVA_HOME", "/nowhere");
    assertThat(run(noHome).err()).startsWith(program + ": JAVA_HOME is /nowhere, but");
    ProcessBuilder noJava = command(launcher);
    noJava.environment().remove("JAVA_HOME");
    Path tools = Files.createDirectory(dir.resolve("tools"));
    for (String tool : List.of("sh", "dirname", "readlink", "sed", "pwd")) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/bin", tool));
    }
    noJava.environment().put("PATH", tools.toString());
    assertThat(run(noJava).err()).startsWith(program + ": no java found: install Java 17 or later");
  }

  /** A java that prints its arguments, one a line. */
  private Path fakeJava(String version) throws IOException {
    Path home = Files.createDirectories(dir.resolve("java " + version));
    Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$$\" \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  @ParameterizedTest
  @ValueSource(strings = {"raled", "ralectrl"})
  void theJavaOfJavaHomeGetsTheOptionsInOrder(String program) throws Exception {
    Path launcher = copy(program, Files.createDirectories(dir.resolve("a b/bin")));
    Path lib = Files.createDirectories(dir.resolve("a b/lib/rale"));
    Files.writeString(lib.resolve(program + ".jar"), "");
    ProcessBuilder command = command(launcher, "x y", "*", "-x=1");
    command.environment().put("JAVA_HOME", fakeJava("17.0.1").toString());
    command.environment().put("JAVA_OPTS", "-Da=1 -Db=2");
    command.environment().put("RALE_JAVA_OPTS", "-Dc=3");
    Path out = Files.createTempFile(dir, "out", "");
    Process process = start(command.redirectOutput(out.toFile()));
    assertThat(process.waitFor()).isZero();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines.get(0)).isEqualTo("" + process.pid());
    assertThat(lines)
        .containsSubsequence(
            "-Da=1",
            "-Db=2",
            "-Dc=3",
            "-cp",
            launcher.getParent() + "/../lib/rale/*",
            "org.rale." + program + ".Main",
            "x y",
            "*",
            "-x=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0_392", "11.0.2", "16"})
  void aJavaThatIsTooOldIsNamed(String version) throws Exception {
    Path home = fakeJava(version);
    ProcessBuilder command = command(installed, "--version");
    command.environment().put("JAVA_HOME", home.toString());
    Ended ended = run(command);
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err()).contains("Java 17 or later is needed; set JAVA_HOME");
  }
}
