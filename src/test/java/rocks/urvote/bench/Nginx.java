package rocks.urvote.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The HTTP limit: nginx with a static file.
record Nginx(Process process, int port) implements AutoCloseable {

    static Nginx serving(byte[] content, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("leaderboard.json"), content);
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var configuration = folder.resolve("nginx.conf");
        Files.writeString(configuration, """
            user root;
            worker_processes 2;
            daemon off;
            pid %1$s/nginx.pid;
            error_log %1$s/error.log;
            events { worker_connections 1024; }
            http {
                access_log off;
                sendfile on;
                tcp_nopush on;
                keepalive_requests 1000000000;
                open_file_cache max=10;
                types { application/json json; }
                server { listen 127.0.0.1:%2$d; root %1$s; }
            }
            """.formatted(folder, port));
        var process = new ProcessBuilder(List.of("nginx", "-c", configuration.toString(), "-p", folder.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
        Wait.until("nginx answers", Duration.ofSeconds(10), () -> {
            try (var _ = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
                return true;
            }
        });
        return new Nginx(process, port);
    }

    String address() {
        return "http://127.0.0.1:" + port + "/leaderboard.json";
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
