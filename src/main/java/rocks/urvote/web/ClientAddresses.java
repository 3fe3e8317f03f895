package rocks.urvote.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/// Where a request comes from: the connection's address, or what a proxy we trust says. Never a header of anyone else.
public interface ClientAddresses {

    InetAddress of(HttpServletRequest request);

    /// Whom it is counted with.
    default InetAddress networkOf(HttpServletRequest request) {
        return network(of(request));
    }

    /// What counts as one address wherever addresses are counted: of IPv6 the /64 it is in, as one household has all of
    /// that, and may take another address for each request. One of IPv4 that came through a translator is itself
    /// (`64:ff9b::/96`, RFC 6052).
    static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        var bytes = address.getAddress();
        var translated = "0064ff9b0000000000000000";
        if (HexFormat.of().formatHex(bytes, 0, translated.length() / 2).equals(translated)) {
            bytes = Arrays.copyOfRange(bytes, translated.length() / 2, bytes.length);
        } else {
            Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four or sixteen bytes are an address", e);
        }
    }
}
