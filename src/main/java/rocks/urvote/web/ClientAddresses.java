package rocks.urvote.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// Where a request comes from: the connection's address, or what a proxy we trust says. Never a header of anyone else.
public interface ClientAddresses {

    InetAddress of(HttpServletRequest request);

    /// Whom it is counted with.
    default InetAddress networkOf(HttpServletRequest request) {
        return network(of(request));
    }

    /// What counts as one address wherever addresses are counted: of IPv6 the /64 it is in, as one household has all of
    /// that, and may take another address for each request.
    static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        var network = address.getAddress();
        Arrays.fill(network, network.length / 2, network.length, (byte) 0);
        try {
            return InetAddress.getByAddress(network);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Sixteen bytes are an address", e);
        }
    }
}
