package rocks.urvote.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import rocks.urvote.testkit.NginxFiles;
import rocks.urvote.testkit.Ports;

/// An nginx before several nodes, told what `packaging/nginx.conf` tells it, but for its own ports and without https.
record Balancer(Process process, int port) implements AutoCloseable {

    static Balancer before(Path folder, int... nodes) throws IOException {
        Files.createDirectories(folder);
        int http = Ports.free();
        int port = Ports.free();
        var servers = Arrays.stream(nodes)
                .mapToObj(node -> "    server 127.0.0.1:%d fail_timeout=1s;".formatted(node))
                .collect(Collectors.joining("\n"));
        var text = Files.readString(Path.of("packaging/nginx.conf"));
        for (var change : List.of(
                List.of("(?m)^ +server 127\\.0\\.0\\.1:8080 .*$", servers),
                List.of("listen 80;", "listen 127.0.0.1:%d;".formatted(http)),
                List.of("listen 443 ssl http2;", "listen 127.0.0.1:%d;".formatted(port)),
                List.of("(?m)^ +listen \\[::].*$", ""),
                List.of("(?m)^ +ssl_.*$", ""))) {
            var changed = text.replaceAll(change.getFirst(), change.getLast());
            if (changed.equals(text)) {
                throw new IllegalStateException("packaging/nginx.conf has no " + change.getFirst());
            }
            text = changed;
        }
        Files.writeString(folder.resolve("urvote.conf"), text);
        var main = NginxFiles.main(folder);
        var process = new ProcessBuilder("/usr/sbin/nginx", "-c", main.toString(), "-p", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
        Wait.until("nginx answers", Duration.ofSeconds(10), () -> {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return true;
            }
        });
        return new Balancer(process, port);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
