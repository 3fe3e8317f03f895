package rocks.urvote.operations;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// `postgresql://user:password@host:port/name?parameters`, as libpq writes it. Prints without its password.
public record DatabaseUrl(String user, String password, String hosts, String name, Map<String, String> parameters) {

    private static final String HOST = "(?:\\[[0-9A-Fa-f:.%]+]|[^\\[\\]:/?#@,\\s]+)(?::[0-9]{1,5})?";
    private static final Pattern SHAPE = Pattern.compile(
            "postgres(?:ql)?://([^:/?#@]+):([^/?#@]+)@(" + HOST + "(?:," + HOST + ")*)/([^/?#]+)(?:\\?(.*))?");

    /// What libpq calls otherwise than the driver.
    private static final Map<String, String> DRIVER_NAMES =
            Map.of("connect_timeout", "connectTimeout", "application_name", "ApplicationName");

    public DatabaseUrl {
        parameters = Map.copyOf(parameters);
    }

    /// Refuses what is no such URL in words that do not repeat it, as it may hold a password.
    public static DatabaseUrl parse(String text) {
        var parts = SHAPE.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("Not of the form postgresql://user:password@host:port/name");
        }
        var parameters = new LinkedHashMap<String, String>();
        var query = parts.group(5);
        for (var parameter : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
            int equals = parameter.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("A parameter after the ? is not of the form name=value");
            }
            var name = decoded(parameter.substring(0, equals));
            parameters.put(DRIVER_NAMES.getOrDefault(name, name), decoded(parameter.substring(equals + 1)));
        }
        return new DatabaseUrl(
                decoded(parts.group(1)), decoded(parts.group(2)), parts.group(3), decoded(parts.group(4)), parameters);
    }

    /// The driver's form, without user and password.
    String jdbc() {
        return "jdbc:postgresql://" + address();
    }

    private String address() {
        var query = parameters.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return hosts + "/" + encoded(name) + (query.isEmpty() ? "" : "?" + query);
    }

    /// The same database with the login that the application uses: its password follows from this one's, so that every
    /// node comes to the same.
    DatabaseUrl asApplication() {
        return new DatabaseUrl(Roles.APPLICATION, applicationPassword(), hosts, name, parameters);
    }

    /// Another database of the same server, with the same login.
    public DatabaseUrl named(String other) {
        return new DatabaseUrl(user, password, hosts, other, parameters);
    }

    /// The same database with the login of another URL.
    DatabaseUrl as(DatabaseUrl other) {
        return new DatabaseUrl(other.user, other.password, hosts, name, parameters);
    }

    /// The same for who only looks, whatever else goes on: with the sight of a chore, under a name of its own,
    /// and never waiting for long.
    DatabaseUrl forLooking() {
        var patient = new LinkedHashMap<>(parameters);
        patient.put("ApplicationName", "urvote-figures");
        patient.merge(
                "options",
                "-c urvote.role=chore -c lock_timeout=2s -c statement_timeout=15s -c jit=off",
                (given, ours) -> given + " " + ours);
        patient.putIfAbsent("connectTimeout", "5");
        patient.putIfAbsent("socketTimeout", "20");
        return new DatabaseUrl(user, password, hosts, name, patient);
    }

    /// As it was parsed: for the operator's eyes and nobody else's.
    String withPassword() {
        return "postgresql://%s:%s@%s".formatted(encoded(user), encoded(password), address());
    }

    /// With a look now and then whether the server is still there, as nobody else ends what waits for one that is gone.
    public Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        // What the URL says of it comes first.
        properties.setProperty("tcpKeepAlive", "true");
        return DriverManager.getConnection(jdbc(), properties);
    }

    private String applicationPassword() {
        try {
            var hmac = Mac.getInstance("HmacSHA256");
            hmac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(hmac.doFinal(Roles.APPLICATION.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HMAC-SHA256", e);
        }
    }

    /// Percent signs only: a plus is a plus.
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return "postgresql://%s:***@%s/%s".formatted(user, hosts, name);
    }
}
