package rocks.urvote.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Sends requests when they are due, as people do: an answer that is late keeps nobody from asking. One thread with a
/// selector, so that it costs the machine as little as may be.
final class OpenLoop {

    private static final int HEAD = 4096;

    /// A request that found no connection in that time is given up: its sender has gone.
    private static final long GIVEN_UP = 1_000_000_000L;

    private final InetSocketAddress address;
    private final int connections;
    private final Requests requests;
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 17);
    private final Times useful = new Times();
    private final Times refused = new Times();
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private int open;
    private long sent;
    private long givenUp;
    private long broken;
    private long withoutRetryAfter;

    /// The bytes of the n-th request.
    interface Requests {

        byte[] bytes(long n);
    }

    private OpenLoop(URI address, int connections, Requests requests) {
        this.address = new InetSocketAddress(InetAddress.ofLiteral(address.getHost()), address.getPort());
        this.connections = connections;
        this.requests = requests;
    }

    /// Times in milliseconds, from when the request was due.
    record Outcome(
            double seconds,
            long sent,
            long useful,
            double usefulP50,
            double usefulP99,
            long refused,
            double refusedP50,
            double refusedP99,
            long withoutRetryAfter,
            long givenUp,
            long broken,
            Map<Integer, Long> statuses) {

        double usefulPerSecond() {
            return useful / seconds;
        }
    }

    /// As many as these connections take.
    static Outcome closed(URI address, int connections, double seconds, Requests requests) throws IOException {
        return new OpenLoop(address, connections, requests).run(Double.POSITIVE_INFINITY, seconds);
    }

    /// So many a second, over at most so many connections.
    static Outcome open(URI address, int connections, double perSecond, double seconds, Requests requests)
            throws IOException {
        return new OpenLoop(address, connections, requests).run(perSecond, seconds);
    }

    private static final class Connection {

        private final SocketChannel channel;
        private final byte[] head = new byte[HEAD];
        private ByteBuffer toSend = ByteBuffer.allocate(0);
        private int headLength;
        private long bodyLeft = -1;
        private int status;
        private boolean closes;
        private boolean says;
        private long due;

        private Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private Outcome run(double perSecond, double seconds) throws IOException {
        try (var selector = Selector.open()) {
            var begun = System.nanoTime();
            var end = begun + (long) (seconds * 1e9);
            long due = 0;
            long now;
            while ((now = System.nanoTime()) < end) {
                long wanted = Double.isInfinite(perSecond) ? Long.MAX_VALUE : (long) ((now - begun) / 1e9 * perSecond);
                while (due < wanted) {
                    var at = Double.isInfinite(perSecond) ? now : begun + (long) (due / perSecond * 1e9);
                    var connection = free(selector);
                    if (connection == null) {
                        if (Double.isInfinite(perSecond) || now - at < GIVEN_UP) {
                            break;
                        }
                        givenUp++;
                        due++;
                        continue;
                    }
                    send(connection, at, due++, selector);
                }
                selector.select(this::ready, 1);
            }
            var elapsed = (System.nanoTime() - begun) / 1e9;
            // What is under way is counted as answered, but takes no part in how many were answered a second.
            var usefulThen = useful.size;
            var refusedThen = refused.size;
            var rest = System.nanoTime() + 5_000_000_000L;
            while (idle.size() < open && System.nanoTime() < rest) {
                selector.select(this::ready, 10);
            }
            for (var key : selector.keys()) {
                key.channel().close();
            }
            return new Outcome(
                    elapsed,
                    sent,
                    usefulThen,
                    useful.percentile(50),
                    useful.percentile(99),
                    refusedThen,
                    refused.percentile(50),
                    refused.percentile(99),
                    withoutRetryAfter,
                    givenUp,
                    broken,
                    statuses);
        }
    }

    private Connection free(Selector selector) throws IOException {
        var connection = idle.pollLast();
        if (connection != null || open >= connections) {
            return connection;
        }
        var channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(address);
        channel.configureBlocking(false);
        open++;
        var fresh = new Connection(channel);
        channel.register(selector, SelectionKey.OP_READ, fresh);
        return fresh;
    }

    private void send(Connection connection, long due, long n, Selector selector) {
        connection.due = due;
        connection.headLength = 0;
        connection.bodyLeft = -1;
        connection.toSend = ByteBuffer.wrap(requests.bytes(n));
        sent++;
        try {
            int _ = connection.channel.write(connection.toSend);
            if (connection.toSend.hasRemaining()) {
                connection.channel.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
        } catch (IOException e) {
            breakOff(connection);
        }
    }

    private void ready(SelectionKey key) {
        var connection = (Connection) key.attachment();
        try {
            if (key.isWritable()) {
                int _ = connection.channel.write(connection.toSend);
                if (!connection.toSend.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            }
            if (key.isReadable()) {
                read(connection);
            }
        } catch (IOException e) {
            breakOff(connection);
        }
    }

    private void breakOff(Connection connection) {
        broken++;
        drop(connection);
    }

    private void drop(Connection connection) {
        open--;
        idle.remove(connection);
        try {
            connection.channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private void read(Connection connection) throws IOException {
        buffer.clear();
        int read = connection.channel.read(buffer);
        if (read < 0) {
            if (idle.remove(connection)) {
                drop(connection);
            } else {
                breakOff(connection);
            }
            return;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            if (connection.bodyLeft < 0) {
                head(connection);
            } else {
                var body = (int) Math.min(connection.bodyLeft, buffer.remaining());
                buffer.position(buffer.position() + body);
                connection.bodyLeft -= body;
            }
            if (connection.bodyLeft == 0) {
                answered(connection);
                return;
            }
        }
    }

    private void head(Connection connection) {
        while (buffer.hasRemaining() && connection.bodyLeft < 0) {
            connection.head[connection.headLength++] = buffer.get();
            int length = connection.headLength;
            if (length >= 4
                    && connection.head[length - 1] == '\n'
                    && connection.head[length - 2] == '\r'
                    && connection.head[length - 3] == '\n') {
                var head = new String(connection.head, 0, length, ISO_8859_1).toLowerCase(Locale.ROOT);
                connection.status = Integer.parseInt(head.substring(9, 12));
                connection.closes = head.contains("\r\nconnection: close");
                connection.says = head.contains("\r\nretry-after: ");
                connection.bodyLeft = connection.status == 304 ? 0 : length(head);
            }
        }
    }

    private static long length(String head) {
        var at = head.indexOf("\r\ncontent-length: ");
        if (at < 0) {
            throw new IllegalStateException("An answer without a length: " + head);
        }
        var from = at + "\r\ncontent-length: ".length();
        return Long.parseLong(head.substring(from, head.indexOf('\r', from)));
    }

    private void answered(Connection connection) {
        var took = System.nanoTime() - connection.due;
        statuses.merge(connection.status, 1L, Long::sum);
        if (connection.status < 400) {
            useful.add(took);
        } else if (connection.status == 429 || connection.status == 503) {
            refused.add(took);
            withoutRetryAfter += connection.says ? 0 : 1;
        }
        if (connection.closes) {
            drop(connection);
        } else {
            idle.addLast(connection);
        }
    }

    private static final class Times {

        private long[] nanos = new long[1 << 16];
        private int size;

        private void add(long time) {
            if (size == nanos.length) {
                nanos = Arrays.copyOf(nanos, size * 2);
            }
            nanos[size++] = time;
        }

        private double percentile(int percent) {
            if (size == 0) {
                return 0;
            }
            var sorted = Arrays.copyOf(nanos, size);
            Arrays.sort(sorted);
            return sorted[Math.min(size - 1, size * percent / 100)] / 1e6;
        }
    }
}
