package rocks.urvote.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Objects;

/// A mail server that takes nothing for anybody: to each address it gives the same answer.
public final class UnwillingMailServer implements AutoCloseable {

    private final ServerSocket door;
    private final String answer;

    private UnwillingMailServer(ServerSocket door, String answer) {
        this.door = door;
        this.answer = answer;
        Thread.startVirtualThread(this::open);
    }

    /// At a port, or any that is free where it is 0. Whoever had the port may need a moment to leave it.
    public static UnwillingMailServer at(int port, String answer) {
        var door = await().ignoreException(BindException.class)
                .until(() -> new ServerSocket(port, 50, InetAddress.getLoopbackAddress()), Objects::nonNull);
        return new UnwillingMailServer(door, answer);
    }

    public int port() {
        return door.getLocalPort();
    }

    private void open() {
        try {
            while (true) {
                var guest = door.accept();
                Thread.startVirtualThread(() -> listen(guest));
            }
        } catch (IOException e) {
            // It is closed.
        }
    }

    private void listen(Socket guest) {
        try (guest;
                var lines = new BufferedReader(new InputStreamReader(guest.getInputStream(), US_ASCII))) {
            say(guest, "220 localhost");
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                say(guest, line.toUpperCase(Locale.ROOT).startsWith("RCPT TO:") ? answer : "250 yes");
            }
        } catch (IOException e) {
            // The guest has gone.
        }
    }

    private static void say(Socket guest, String line) throws IOException {
        guest.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
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
