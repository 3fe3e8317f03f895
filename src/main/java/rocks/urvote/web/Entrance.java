package rocks.urvote.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketProcessorBase;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Where connections come in: the server's own entrance, with an eye on who comes.
///
/// An address that has its share of connections gets no more. A request whose head does not arrive in time ends the
/// connection; the server itself only minds silence, and one byte every few seconds is none. And while the turnstile is
/// full, a request is turned away before anything is made of it, at a tenth of what a vote costs: otherwise the
/// refusals would take the time of those who are inside.
final class Entrance extends NioEndpoint {

    private static final Logger log = LoggerFactory.getLogger(Entrance.class);

    /// The largest request that is turned away here; a larger one is refused inside.
    private static final int LARGEST = 4096;

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final long COUNT_AT_MOST_EVERY = Duration.ofMillis(20).toNanos();

    private final Map<InetAddress, Integer> present = new ConcurrentHashMap<>();
    private volatile long counted = System.nanoTime();
    private final Map<SocketWrapperBase<NioChannel>, Long> halfHeads = new ConcurrentHashMap<>();
    private @Nullable House house;

    /// What the entrance knows of the rest.
    private record House(
            Turnstile turnstile,
            int connectionsPerAddress,
            Predicate<String> anybodysAddress,
            CurtAnswer busy,
            CurtAnswer busyPage,
            CurtAnswer tooMany,
            CurtAnswer tooSlow) {}

    /// The server makes it by its name.
    public static final class Protocol extends Http11NioProtocol {

        public Protocol() {
            super(new Entrance());
        }

        void leadsTo(Turnstile turnstile, WebSettings settings, TrustedProxies proxies, JsonMapper json) {
            var busy = Problem.busy(Duration.ofSeconds(1));
            ((Entrance) getEndpoint()).house = new House(
                    turnstile,
                    settings.connectionsPerAddress(),
                    address -> !proxies.trusts(address.replaceFirst("%.*", "")),
                    CurtAnswer.to(busy, false, json),
                    CurtAnswer.pageOf(busy),
                    CurtAnswer.to(Problem.rateLimited(Duration.ofSeconds(5)), true, json),
                    CurtAnswer.to(Gatekeeper.tooSlow(), true, json));
        }
    }

    private House house() {
        if (house == null) {
            throw new IllegalStateException("An entrance leads somewhere before it opens");
        }
        return house;
    }

    @Override
    public void startInternal() throws Exception {
        super.startInternal();
        Thread.ofPlatform().daemon().name("entrance").start(this::keepLooking);
    }

    private void keepLooking() {
        while (isRunning()) {
            try {
                Thread.sleep(LOOK_EVERY);
                count();
                endSlowHeads();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.warn("The entrance could not be looked after", e);
            }
        }
    }

    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
        if (mayComeIn(socket)) {
            return super.setSocketOptions(socket);
        }
        say(socket, house().tooMany());
        destroySocket(socket);
        return false;
    }

    /// What came since the last count is added to it; what left is not, so where it seems too many, they are counted.
    private boolean mayComeIn(SocketChannel socket) {
        InetAddress address;
        try {
            if (!(socket.getRemoteAddress() instanceof InetSocketAddress remote)) {
                return true;
            }
            address = remote.getAddress();
        } catch (IOException e) {
            return false;
        }
        if (!house().anybodysAddress().test(address.getHostAddress())) {
            return true;
        }
        var most = house().connectionsPerAddress();
        var network = ClientAddresses.network(address);
        if (present.merge(network, 1, Integer::sum) <= most) {
            return true;
        }
        if (System.nanoTime() - counted > COUNT_AT_MOST_EVERY) {
            count();
            return present.merge(network, 1, Integer::sum) <= most;
        }
        return false;
    }

    private synchronized void count() {
        var now = new HashMap<InetAddress, Integer>();
        for (var connection : getConnections()) {
            var address = connection.getRemoteAddr();
            if (address != null && house().anybodysAddress().test(address)) {
                now.merge(ClientAddresses.network(TrustedProxies.connected(address)), 1, Integer::sum);
            }
        }
        present.keySet().retainAll(now.keySet());
        present.putAll(now);
        counted = System.nanoTime();
    }

    /// The server says of each connection what it waits for after it was read.
    @Override
    public void setHandler(Handler<NioChannel> handler) {
        super.setHandler(new NotingHalfHeads(handler));
    }

    private final class NotingHalfHeads implements Handler<NioChannel> {

        private final Handler<NioChannel> server;

        private NotingHalfHeads(Handler<NioChannel> server) {
            this.server = server;
        }

        /// Nothing here is asynchronous or of another protocol, so what takes long is a head of which more must come.
        @Override
        public SocketState process(SocketWrapperBase<NioChannel> connection, SocketEvent event) {
            var state = server.process(connection, event);
            if (state == SocketState.LONG) {
                halfHeads.putIfAbsent(connection, System.nanoTime());
            } else {
                halfHeads.remove(connection);
            }
            return state;
        }

        @Override
        public @Nullable Object getGlobal() {
            return server.getGlobal();
        }

        @Override
        public void release(SocketWrapperBase<NioChannel> connection) {
            halfHeads.remove(connection);
            server.release(connection);
        }

        @Override
        public void pause() {
            server.pause();
        }

        @Override
        public void recycle() {
            server.recycle();
        }
    }

    /// A little before the server would end a silent one without a word, and never while its request is being answered.
    private void endSlowHeads() {
        var patience = TimeUnit.MILLISECONDS.toNanos(getConnectionTimeout()) * 9 / 10;
        halfHeads.forEach((connection, since) -> {
            var lock = connection.getLock();
            if (System.nanoTime() - since <= patience || !lock.tryLock()) {
                return;
            }
            try {
                if (halfHeads.remove(connection, since) && !connection.isClosed()) {
                    say(connection.getSocket().getIOChannel(), house().tooSlow());
                    connection.close();
                }
            } finally {
                lock.unlock();
            }
        });
    }

    @Override
    protected SocketProcessorBase<NioChannel> createSocketProcessor(
            SocketWrapperBase<NioChannel> connection, SocketEvent event) {
        return new Visit(connection, event);
    }

    private final class Visit extends SocketProcessor {

        private Visit(SocketWrapperBase<NioChannel> connection, SocketEvent event) {
            super(connection, event);
        }

        @Override
        protected void doRun() {
            if (event != SocketEvent.OPEN_READ) {
                super.doRun();
                return;
            }
            var turnstile = house().turnstile();
            // Who is to connect anew is told so inside.
            if (turnstile.full() && !turnstile.leaving() && turnedAway(socketWrapper)) {
                turnstile.refused();
                return;
            }
            turnstile.enter();
            try {
                super.doRun();
            } finally {
                var _ = Turnstile.leave();
            }
        }
    }

    /// True when there was one whole request, which is answered now, and the connection waits for its next.
    private boolean turnedAway(SocketWrapperBase<NioChannel> connection) {
        if (connection.getCurrentProcessor() != null) {
            return false;
        }
        var bytes = ByteBuffer.allocate(LARGEST);
        try {
            if (connection.read(false, bytes) <= 0) {
                return false;
            }
            var request = new String(bytes.array(), 0, bytes.position(), ISO_8859_1);
            if (!whole(request)) {
                connection.unRead(bytes.flip());
                return false;
            }
            var answer = request.contains("text/html") ? house().busyPage() : house().busy();
            if (say(connection.getSocket().getIOChannel(), answer)) {
                connection.registerReadInterest();
            } else {
                connection.close();
            }
            return true;
        } catch (IOException e) {
            log.debug("Somebody left while being turned away", e);
            connection.close();
            return true;
        }
    }

    /// A head, and as much of a body as the head says. An answer to HEAD has no body, so it is not one of these.
    private static boolean whole(String request) {
        var end = request.indexOf("\r\n\r\n");
        if (end < 0
                || request.startsWith("HEAD ")
                || !request.regionMatches(request.indexOf("\r\n") - 8, "HTTP/1.1", 0, 8)) {
            return false;
        }
        var head = request.substring(0, end).toLowerCase(Locale.ROOT);
        if (head.contains("\r\ntransfer-encoding:") || head.contains("\r\nconnection: close")) {
            return false;
        }
        return request.length() == end + 4 + bodyLength(head);
    }

    private static int bodyLength(String head) {
        var at = head.indexOf("\r\ncontent-length:");
        if (at < 0) {
            return 0;
        }
        var from = at + "\r\ncontent-length:".length();
        var to = head.indexOf("\r\n", from);
        var number = head.substring(from, to < 0 ? head.length() : to).strip();
        return number.matches("[0-9]{1,5}") ? Integer.parseInt(number) : -LARGEST;
    }

    /// Without waiting: true when all of it has left.
    private static boolean say(SocketChannel socket, CurtAnswer answer) {
        try {
            var bytes = answer.bytes();
            int _ = socket.write(bytes);
            return !bytes.hasRemaining();
        } catch (IOException e) {
            log.debug("Somebody left before they were answered", e);
            return false;
        }
    }
}
