package rocks.urvote.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.stereotype.Component;

/// Walks `X-Forwarded-For` from the right, from trusted proxy to trusted proxy, to the first address that is none.
@Component
final class TrustedProxies implements ClientAddresses {

    private final List<IpAddressMatcher> trusted;

    TrustedProxies(WebSettings settings) {
        this.trusted =
                settings.trustedProxies().stream().map(IpAddressMatcher::new).toList();
    }

    @Override
    public InetAddress of(HttpServletRequest request) {
        var address = connected(request.getRemoteAddr());
        if (trusted.isEmpty()) {
            return address;
        }
        for (var hop : hops(request)) {
            if (!trusts(address)) {
                return address;
            }
            var before = parse(hop);
            if (before == null) {
                return address;
            }
            address = before;
        }
        return address;
    }

    /// The server writes addresses the one plain way, but names the interface of a link-local one.
    static InetAddress connected(String address) {
        var scope = address.indexOf('%');
        return InetAddress.ofLiteral(scope < 0 ? address : address.substring(0, scope));
    }

    private boolean trusts(InetAddress address) {
        return trusts(address.getHostAddress());
    }

    boolean trusts(String address) {
        return trusted.stream().anyMatch(proxy -> proxy.matches(address));
    }

    private static List<String> hops(HttpServletRequest request) {
        var hops = new ArrayList<String>();
        for (var header : Collections.list(request.getHeaders("X-Forwarded-For"))) {
            hops.addAll(List.of(header.split(",")));
        }
        return hops.reversed();
    }

    /// Literal addresses only: a name would make us ask the domain name system.
    private static @Nullable InetAddress parse(String text) {
        var literal = text.strip()
                .replaceFirst("^\\[(.*)](:\\d+)?$", "$1")
                .replaceFirst("^(\\d+\\.\\d+\\.\\d+\\.\\d+):\\d+$", "$1");
        if (!literal.matches("[0-9]+(\\.[0-9]+){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%.*)?")) {
            return null;
        }
        try {
            return InetAddress.getByName(literal.replaceFirst("%.*", ""));
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
