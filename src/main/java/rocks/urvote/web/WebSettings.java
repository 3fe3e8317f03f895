package rocks.urvote.web;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What the shell needs to know of the settings.
@ConfigurationProperties("urvote")
public record WebSettings(
        @DefaultValue("http://localhost:8080") URI publicUrl,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue("1000") int connectionsPerAddress,
        @DefaultValue("1000") int requestsAtOnce,
        @DefaultValue("20s") Duration requestPatience,
        @DefaultValue("false") boolean socketInherited) {

    /// Where the browser speaks https, cookies are bound to the host and transport is strict.
    public boolean secure() {
        return "https".equalsIgnoreCase(publicUrl.getScheme());
    }

    /// `scheme://host[:port]`, as a browser sends it in `Origin`.
    public String origin() {
        return publicUrl.getScheme() + "://" + publicUrl.getAuthority();
    }

    /// The absolute address of a path, for links in mails.
    public String link(String path) {
        var base = publicUrl.toString();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
    }
}
