package rocks.urvote.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A request whose body ends with 413 where it grows beyond a bound it did not announce, and with 408 where it takes
/// more time than it may: silence, and after some patience fewer bytes a second than any line brings.
final class BoundedRequest extends HttpServletRequestWrapper {

    private final long most;
    private final long slowest;
    private final Duration patience;
    private @Nullable ServletInputStream bounded;

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
