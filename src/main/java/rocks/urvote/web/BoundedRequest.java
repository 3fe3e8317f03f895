package rocks.urvote.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.apache.tomcat.util.http.Parameters;
import org.jspecify.annotations.Nullable;

/// A request whose body ends with 413 where it grows beyond a bound it did not announce, and with 408 where it takes
/// more time than it may: silence, and after some patience fewer bytes a second than any line brings.
final class BoundedRequest extends HttpServletRequestWrapper {

    private static final String FORM = "application/x-www-form-urlencoded";

    /// As for the server's own reading (`server.tomcat.max-parameter-count`).
    private static final int MOST_FIELDS = 200;

    private final long most;
    private final long slowest;
    private final Duration patience;
    private @Nullable ServletInputStream bounded;
    private @Nullable Map<String, String[]> fields;

    /// `slowest` in bytes a second.
    BoundedRequest(HttpServletRequest request, long most, long slowest, Duration patience) {
        super(request);
        this.most = most;
        this.slowest = slowest;
        this.patience = patience;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (bounded == null) {
            bounded = new Bounded(super.getInputStream());
        }
        return bounded;
    }

    /// The fields of a form come from the bounded body, by the server's own rules; its reading has only the query left
    /// then.
    private Map<String, String[]> fields() {
        if (fields == null) {
            fields = isForm() ? withForm() : super.getParameterMap();
        }
        return fields;
    }

    private boolean isForm() {
        var type = getContentType();
        return type != null && type.regionMatches(true, 0, FORM, 0, FORM.length()) && "POST".equals(getMethod());
    }

    private Map<String, String[]> withForm() {
        byte[] body;
        try {
            body = getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new InvalidParameterException(e);
        }
        var form = new Parameters();
        form.setLimit(MOST_FIELDS);
        form.setCharset(StandardCharsets.UTF_8);
        form.processParameters(body, 0, body.length);
        var all = new LinkedHashMap<>(super.getParameterMap());
        Collections.list(form.getParameterNames())
                .forEach(name -> all.merge(name, form.getParameterValues(name), BoundedRequest::both));
        return all;
    }

    private static String[] both(String[] first, String[] then) {
        return Stream.of(first, then).flatMap(Arrays::stream).toArray(String[]::new);
    }

    @Override
    public @Nullable String getParameter(String name) {
        var values = fields().get(name);
        return values == null ? null : values[0];
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        return Collections.unmodifiableMap(fields());
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(fields().keySet());
    }

    @Override
    public String @Nullable [] getParameterValues(String name) {
        return fields().get(name);
    }

    private final class Bounded extends ServletInputStream {

        private final ServletInputStream body;
        private long left = most;
        private long arrived;
        private long waited;

        private Bounded(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        /// Who waits for more to come is not inside meanwhile.
        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (body.isFinished() || body.available() > 0) {
                return timed(bytes, from, length);
            }
            var turnstile = Turnstile.leave();
            try {
                return timed(bytes, from, length);
            } finally {
                if (turnstile != null) {
                    turnstile.enter();
                }
            }
        }

        private int timed(byte[] bytes, int from, int length) throws IOException {
            var begun = System.nanoTime();
            try {
                int read = body.read(bytes, from, length);
                waited += System.nanoTime() - begun;
                return read < 0 ? read : counted(read);
            } catch (IOException e) {
                if (silence(e)) {
                    throw Gatekeeper.tooSlow().raised();
                }
                throw e;
            }
        }

        private int counted(int bytes) {
            left -= bytes;
            arrived += bytes;
            if (left < 0) {
                throw Gatekeeper.tooLarge().raised();
            }
            if (waited > patience.toNanos() && arrived < slowest * (waited / 1e9)) {
                throw Gatekeeper.tooSlow().raised();
            }
            return bytes;
        }

        private static boolean silence(IOException e) {
            return e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException;
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
