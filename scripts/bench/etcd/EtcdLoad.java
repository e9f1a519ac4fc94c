import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * The etcd side of scripts/bench/compare: what ralectrl BENCH does, over one gRPC connection. A
 * fixed number of calls are under way, and each one that ends starts the next.
 *
 * <p>It is as lean as grpc-java allows, since it takes its time from the same processors as the
 * servers: messages are put together by hand, and all runs on the connection's own thread, without a
 * hand-off for each call. jetcd, the usual client, has Vert.x, futures, retries and executors on top.
 */
final class EtcdLoad {
  private static final long MOST_NANOS = 3_600_000_000_000L;
  private static final int STARTS = 1 << 16;
  private static final int CALL_SECONDS = 60;

  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
          return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private static final MethodDescriptor<byte[], byte[]> PUT = method("Put");
  private static final MethodDescriptor<byte[], byte[]> RANGE = method("Range");

  private final ManagedChannel channel;
  private final String operation;
  private final int keys;
  private final int valueBytes;
  private final byte[] text;
  private final SplittableRandom random = new SplittableRandom(1);
  private final Recorder recorder = new Recorder(1_000, MOST_NANOS, 3);
  private final LongAdder errors = new LongAdder();
  private final AtomicInteger filled = new AtomicInteger();
  private final CountDownLatch ended;
  private volatile boolean stop;
  private volatile String sample = "";

  private EtcdLoad(
      ManagedChannel channel, String operation, int keys, int valueBytes, int outstanding) {
    this.channel = channel;
    this.operation = operation;
    this.keys = keys;
    this.valueBytes = valueBytes;
    this.ended = new CountDownLatch(outstanding);
    text = new byte[STARTS + valueBytes];
    for (int index = 0; index < text.length; index++) {
      text[index] = (byte) ('a' + random.nextInt(26));
    }
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.newBuilder(BYTES, BYTES)
        .setType(MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("etcdserverpb.KV", name))
        .build();
  }

  /**
   * @param args host, port, operation (fill, put, get, local, mix), keys, bytes of a value,
   *     outstanding, seconds of warm-up, seconds
   */
  public static void main(String[] args) throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(args[0], Integer.parseInt(args[1]))
            .usePlaintext()
            .directExecutor()
            .build();
    int outstanding = Integer.parseInt(args[5]);
    EtcdLoad load =
        new EtcdLoad(
            channel, args[2], Integer.parseInt(args[3]), Integer.parseInt(args[4]), outstanding);
    load.run(outstanding, Double.parseDouble(args[6]), Double.parseDouble(args[7]));
    channel.shutdownNow();
  }

  private void run(int outstanding, double warmUp, double seconds) throws InterruptedException {
    for (int call = 0; call < outstanding; call++) {
      next();
    }
    if (operation.equals("fill")) {
      ended.await();
      if (errors.sum() > 0) {
        throw new IllegalStateException(sample);
      }
      return;
    }
    Thread.sleep((long) (warmUp * 1000));
    recorder.reset();
    errors.reset();
    sample = "";
    long start = System.nanoTime();
    Thread.sleep((long) (seconds * 1000));
    stop = true;
    if (!ended.await(2L * CALL_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(ended.getCount() + " calls have not ended");
    }
    print((System.nanoTime() - start) / 1e9, recorder.getIntervalHistogram());
  }

  private void print(double seconds, Histogram latencies) {
    System.out.printf(
        Locale.ROOT,
        "{\"status\":\"ok\",\"operations\":%d,\"errors\":%d,\"sample\":\"%s\","
            + "\"operations_per_second\":%.1f,\"latency_ms\":{\"p50\":%.3f,\"p99\":%.3f}}%n",
        latencies.getTotalCount(),
        errors.sum(),
        sample.replaceAll("[^ -~]|[\"\\\\]", "?"),
        latencies.getTotalCount() / seconds,
        latencies.getValueAtPercentile(50) / 1e6,
        latencies.getValueAtPercentile(99) / 1e6);
  }

  /** Starts the next call, or counts one out where there is none any more. */
  private void next() {
    int key;
    if (operation.equals("fill")) {
      key = filled.getAndIncrement();
      if (key >= keys) {
        ended.countDown();
        return;
      }
    } else if (stop) {
      ended.countDown();
      return;
    } else {
      key = random(keys);
    }
    switch (operation) {
      case "fill", "put" -> call(PUT, put(key), 0);
      case "get" -> call(RANGE, range(key, false), valueBytes);
      case "local" -> call(RANGE, range(key, true), valueBytes);
      case "mix" -> {
        if (random(100) < 90) {
          call(RANGE, range(key, false), valueBytes);
        } else {
          call(PUT, put(key), 0);
        }
      }
      default -> throw new IllegalArgumentException(operation);
    }
  }

  /** The first calls are started by another thread than the later ones. */
  private synchronized int random(int bound) {
    return random.nextInt(bound);
  }

  /**
   * @param leastBytes a shorter reply holds no value
   */
  private void call(MethodDescriptor<byte[], byte[]> method, byte[] message, int leastBytes) {
    ClientCall<byte[], byte[]> call = channel.newCall(method, options());
    long start = System.nanoTime();
    call.start(
        new ClientCall.Listener<>() {
          private int bytes = -1;

          @Override
          public void onMessage(byte[] reply) {
            bytes = reply.length;
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            if (status.isOk() && bytes >= leastBytes) {
              recorder.recordValue(Math.min(MOST_NANOS, System.nanoTime() - start));
            } else {
              errors.increment();
              sample = status.isOk() ? "no such key" : status.toString();
            }
            next();
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(message);
    call.halfClose();
  }

  /** A server that is not there is waited for: a call that failed at once would start the next. */
  private static CallOptions options() {
    return CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
  }

  private static byte[] key(int number) {
    byte[] key = "bench/000000000".getBytes(StandardCharsets.US_ASCII);
    int rest = number;
    for (int place = key.length - 1; rest > 0; place--) {
      key[place] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return key;
  }

  /** PutRequest: key is field 1, value field 2. */
  private byte[] put(int key) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(valueBytes + 32);
    byte[] name = key(key);
    field(out, 1, name, 0, name.length);
    field(out, 2, text, random(STARTS), valueBytes);
    return out.toByteArray();
  }

  /** RangeRequest: key is field 1, serializable field 7. */
  private static byte[] range(int key, boolean serializable) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(32);
    byte[] name = key(key);
    field(out, 1, name, 0, name.length);
    if (serializable) {
      out.write(7 << 3);
      out.write(1);
    }
    return out.toByteArray();
  }

  /** A field of bytes: number and wire type 2, the length as a varint, the bytes. */
  private static void field(
      ByteArrayOutputStream out, int number, byte[] bytes, int from, int length) {
    out.write(number << 3 | 2);
    int rest = length;
    while (rest >= 0x80) {
      out.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    out.write(bytes, from, length);
  }
}
