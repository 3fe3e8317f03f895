package rocks.urvote.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Those who do as little as they can: heads and bodies that come byte by byte, songs and streams that are asked for
/// and not read. Who is hung up on comes back at once.
final class SlowOnes implements AutoCloseable {

    private static final Duration BETWEEN_BYTES = Duration.ofSeconds(1);

    private final URI address;
    private final AtomicInteger present = new AtomicInteger();
    private final AtomicInteger hungUp = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();

    /// So many, a quarter of each kind.
    SlowOnes(URI address, int many, long contest, long song, String token) {
        this.address = address;
        var kinds = List.of(
                "POST /api/v1/songs/1/votes HTTP/1.1\r\nHost: localhost\r\nX: ",
                "POST /api/v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000\r\n\r\n",
                "GET /api/v1/songs/%d/audio HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                        .formatted(song, token),
                "GET /api/v1/contests/%d/leaderboard/stream HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(contest));
        for (int one = 0; one < many; one++) {
            int kind = one % kinds.size();
            threads.add(Thread.ofVirtual().start(() -> beSlow(kinds.get(kind), kind < 2)));
        }
    }

    private void beSlow(String begin, boolean sends) {
        while (!Thread.currentThread().isInterrupted()) {
            try (var socket = new Socket()) {
                socket.setReceiveBufferSize(4096);
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address.getHost()), address.getPort()));
                present.incrementAndGet();
                try {
                    socket.getOutputStream().write(begin.getBytes(ISO_8859_1));
                    while (true) {
                        Thread.sleep(BETWEEN_BYTES);
                        if (sends) {
                            socket.getOutputStream().write('x');
                        } else if (socket.getInputStream().read() < 0) {
                            break;
                        }
                    }
                } finally {
                    present.decrementAndGet();
                }
                hungUp.incrementAndGet();
            } catch (InterruptedException e) {
                return;
            } catch (IOException e) {
                hungUp.incrementAndGet();
            }
        }
    }

    int present() {
        return present.get();
    }

    int hungUp() {
        return hungUp.get();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
