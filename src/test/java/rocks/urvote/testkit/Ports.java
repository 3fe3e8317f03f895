package rocks.urvote.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// For programs that have to be told their port before they begin.
public final class Ports {

    private Ports() {}

    /// Nobody's at this moment.
    public static int free() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
