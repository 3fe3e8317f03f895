package rocks.urvote.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A request whose body ends with 413 where it grows beyond a bound it did not announce.
final class BoundedRequest extends HttpServletRequestWrapper {

    private final long most;
    private @Nullable ServletInputStream bounded;

    BoundedRequest(HttpServletRequest request, long most) {
        super(request);
        this.most = most;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (bounded == null) {
            bounded = new Bounded(super.getInputStream(), most);
        }
        return bounded;
    }

    private static final class Bounded extends ServletInputStream {

        private final ServletInputStream body;
        private long left;

        private Bounded(ServletInputStream body, long most) {
            this.body = body;
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            return counted(body.read(), 1);
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int read = body.read(bytes, from, length);
            return counted(read, read);
        }

        private int counted(int answer, int bytes) {
            if (answer >= 0) {
                left -= bytes;
                if (left < 0) {
                    throw Gatekeeper.tooLarge().raised();
                }
            }
            return answer;
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
