package rocks.urvote.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;

/// A mail server that takes nothing for anybody: to each address it gives the same answer.
public final class UnwillingMailServer implements AutoCloseable {

    private final ServerSocket door;
    private final String answer;

    private UnwillingMailServer(ServerSocket door, String answer) {
        this.door = door;
        this.answer = answer;
        Thread.startVirtualThread(this::open);
    }

    /// At a port, or any that is free where it is 0.
    public static UnwillingMailServer at(int port, String answer) {
        try {
            return new UnwillingMailServer(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
