package rocks.urvote.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;

/// Where a request comes from: the connection's address, or what a proxy we trust says. Never a header of anyone else.
public interface ClientAddresses {

    InetAddress of(HttpServletRequest request);
}
