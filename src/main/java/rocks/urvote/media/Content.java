package rocks.urvote.media;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file's bytes at any place, seen through one small window and never whole.
/// Reading beyond the end is an [EOFException]; numbers are unsigned and big-endian unless their name says otherwise.
final class Content implements Closeable {

    private static final int WINDOW = 1 << 16;

    private final FileChannel file;
    private final long size;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowStart;

    private Content(FileChannel file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    static Content of(Path path) throws IOException {
        return new Content(FileChannel.open(path, StandardOpenOption.READ));
    }

    long size() {
        return size;
    }

    int u8(long at) throws IOException {
        if (at < windowStart || at >= windowStart + window.limit()) {
            moveWindowTo(at);
        }
        return window.get((int) (at - windowStart)) & 0xff;
    }

    int u16(long at) throws IOException {
        return u8(at) << 8 | u8(at + 1);
    }

    int u24(long at) throws IOException {
        return u16(at) << 8 | u8(at + 2);
    }

    long u32(long at) throws IOException {
        return (long) u16(at) << 16 | u16(at + 2);
    }

    /// Negative above 2^63.
    long u64(long at) throws IOException {
        return u32(at) << 32 | u32(at + 4);
    }

    int u16Little(long at) throws IOException {
        return u8(at) | u8(at + 1) << 8;
    }

    long u32Little(long at) throws IOException {
        return u16Little(at) | (long) u16Little(at + 2) << 16;
    }

    /// Negative above 2^63.
    long u64Little(long at) throws IOException {
        return u32Little(at) | u32Little(at + 4) << 32;
    }

    /// Whether these Latin-1 characters stand there; `false` where the file ends before.
    boolean says(long at, String words) throws IOException {
        if (at < 0 || at > size - words.length()) {
            return false;
        }
        for (int i = 0; i < words.length(); i++) {
            if (u8(at + i) != words.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    byte[] bytes(long at, int length) throws IOException {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) u8(at + i);
        }
        return bytes;
    }

    String latin(long at, int length) throws IOException {
        return new String(bytes(at, length), StandardCharsets.ISO_8859_1);
    }

    /// Whether a stretch, clipped to the file, is nothing but written characters.
    boolean isText(long from, int length) throws IOException {
        for (long at = from; at < Math.min(from + length, size); at++) {
            int c = u8(at);
            if (c == 0x7f || (c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f')) {
                return false;
            }
        }
        return from < size;
    }

    private void moveWindowTo(long at) throws IOException {
        if (at < 0 || at >= size) {
            throw new EOFException("Byte %d of %d".formatted(at, size));
        }
        window.clear();
        int read = 0;
        for (long place = at; window.hasRemaining() && read >= 0; place += Math.max(read, 0)) {
            read = file.read(window, place);
        }
        window.flip();
        windowStart = at;
        if (!window.hasRemaining()) {
            throw new EOFException("Byte %d of a file that shrank".formatted(at));
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
