package rocks.urvote.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The line between UrVote and its database, on which answers can be lost: the database has done what it was asked, and
/// nobody hears of it. It can also be hung up for good.
public final class Wire implements AutoCloseable {

    private final ServerSocket door;
    private final URI database;
    private final String application;
    private final AtomicBoolean losing = new AtomicBoolean();
    private final Set<Socket> theirs = ConcurrentHashMap.newKeySet();
    private volatile boolean hungUp;

    /// Does what it does to those who log in under this `application_name` only.
    public Wire(String databaseUrl, String application) {
        this.database = URI.create(databaseUrl);
        this.application = application;
        try {
            this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::open);
    }

    /// The database, by way of this line.
    public String databaseUrl() {
        return database.toString().replace(":" + database.getPort() + "/", ":" + door.getLocalPort() + "/");
    }

    public void loseTheNextAnswer() {
        losing.set(true);
    }

    /// Whether an answer was lost since it was asked for.
    public boolean hasLost() {
        return !losing.get();
    }

    /// From now on nobody of that name gets through.
    public void hangUp() {
        hungUp = true;
        theirs.forEach(Wire::cut);
    }

    private static void cut(Socket line) {
        try {
            line.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void open() {
        while (!door.isClosed()) {
            try {
                var program = door.accept();
                var server = new Socket(database.getHost(), database.getPort());
                var ours = new AtomicBoolean();
                Thread.ofVirtual().start(() -> pass(program, server, ours, false));
                Thread.ofVirtual().start(() -> pass(server, program, ours, true));
            } catch (IOException e) {
                // The door is closed, or somebody left while coming in.
            }
        }
    }

    private void pass(Socket from, Socket to, AtomicBoolean ours, boolean answers) {
        try (from;
                to) {
            var in = from.getInputStream();
            var out = to.getOutputStream();
            var bytes = new byte[64 * 1024];
            for (var n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                if (!answers && new String(bytes, 0, n, StandardCharsets.ISO_8859_1).contains(application)) {
                    ours.set(true);
                    theirs.add(from);
                }
                if (ours.get() && (hungUp || (answers && losing.compareAndSet(true, false)))) {
                    return;
                }
                out.write(bytes, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // One side hung up, so the other is hung up on as well.
        } finally {
            theirs.remove(from);
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
