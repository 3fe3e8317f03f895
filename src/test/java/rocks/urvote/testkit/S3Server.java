package rocks.urvote.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/// S3Proxy, which speaks S3 and keeps its objects in a folder, in a process of its own. The line to it can be cut.
public final class S3Server implements AutoCloseable {

    public static final String ACCESS_KEY = "urvote-tests";
    public static final String SECRET_KEY = "kept/secret+always";

    private static final Path CLASSPATH = Path.of("target/s3proxy.classpath");
    private static final long NEVER = Long.MAX_VALUE;

    private final Process process;
    private final int port;
    private final ServerSocket line;
    private final AtomicLong left = new AtomicLong(NEVER);
    private volatile boolean dead;

    private S3Server(Process process, int port) throws IOException {
        this.process = process;
        this.port = port;
        this.line = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::open);
    }

    /// With one empty bucket.
    public static S3Server start(Path folder, String bucket) {
        try {
            int port = Ports.free();
            Files.createDirectories(folder.resolve("objects").resolve(bucket));
            var properties = Files.writeString(folder.resolve("s3proxy.properties"), """
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.authorization=aws-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.identity=none
                jclouds.credential=none
                jclouds.filesystem.basedir=%s
                """.formatted(
                            port, ACCESS_KEY, SECRET_KEY, folder.resolve("objects")));
            var output = folder.resolve("s3proxy.out");
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            Files.readString(CLASSPATH).strip(),
                            "org.gaul.s3proxy.Main",
                            "--properties",
                            properties.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "leave no S3"));
            Awaitility.await("S3Proxy, see " + output)
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !process.isAlive() || answers(port));
            if (!process.isAlive()) {
                throw new IllegalStateException("S3Proxy did not start: " + Files.readString(output));
            }
            return new S3Server(process, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String endpoint() {
        return "http://127.0.0.1:" + line.getLocalPort();
    }

    /// The line is cut once so many bytes more have gone to the server, and stays so.
    public void cutAfter(long bytes) {
        left.set(bytes);
    }

    public boolean isCut() {
        return dead;
    }

    public void mend() {
        left.set(NEVER);
        dead = false;
    }

    private void open() {
        while (!line.isClosed()) {
            try {
                var program = line.accept();
                if (dead) {
                    program.close();
                    continue;
                }
                var server = new Socket(InetAddress.getLoopbackAddress(), port);
                Thread.ofVirtual().start(() -> pass(program, server, true));
                Thread.ofVirtual().start(() -> pass(server, program, false));
            } catch (IOException e) {
                // The line is closed, or somebody left while coming in.
            }
        }
    }

    private void pass(Socket from, Socket to, boolean counted) {
        try (from;
                to) {
            pass(from.getInputStream(), to.getOutputStream(), counted);
        } catch (IOException e) {
            // One side hung up, so the other is hung up on as well.
        }
    }

    private void pass(InputStream in, OutputStream out, boolean counted) throws IOException {
        var bytes = new byte[64 * 1024];
        for (int read; (read = in.read(bytes)) >= 0; ) {
            if (dead || (counted && left.get() != NEVER && left.addAndGet(-read) < 0)) {
                dead = true;
                return;
            }
            out.write(bytes, 0, read);
            out.flush();
        }
    }

    private static boolean answers(int port) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try (line) {
            process.destroy();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
