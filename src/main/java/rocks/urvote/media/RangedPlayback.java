package rocks.urvote.media;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.ServletWebRequest;
import rocks.urvote.web.Problem;

/// Ranges as RFC 9110 has them. A single stretch goes from the file to the socket by the operating system's own hand
/// where the server can do that.
@Component
final class RangedPlayback implements Playback {

    private static final Logger log = LoggerFactory.getLogger(RangedPlayback.class);
    private static final int MOST_RANGES = 16;

    /// Below this, asking the operating system costs more than it saves.
    private static final long WORTH_SENDFILE = 48 * 1024;

    private final Folder folder;

    RangedPlayback(Folder folder) {
        this.folder = folder;
    }

    private record Stretch(long first, long last) {

        long length() {
            return last - first + 1;
        }

        String contentRange(long size) {
            return "bytes %d-%d/%d".formatted(first, last, size);
        }
    }

    @Override
    public void send(Sound sound, HttpServletRequest request, HttpServletResponse response) throws IOException {
        var file = folder.locate(sound.path());
        try (var bytes = FileChannel.open(file, StandardOpenOption.READ)) {
            send(sound, file, bytes, request, response);
        } catch (NoSuchFileException e) {
            log.error("{} is not in the uploads folder, though a song refers to it", sound.path());
            throw Problem.notFound().raised();
        }
    }

    private static void send(
            Sound sound, Path file, FileChannel bytes, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        long size = bytes.size();
        var tag = '"' + sound.sha256() + '"';
        response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        response.setHeader(HttpHeaders.CACHE_CONTROL, sound.caching().getHeaderValue());
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (new ServletWebRequest(request, response).checkNotModified(tag)) {
            return;
        }
        var wanted = wanted(request, response, tag, size);
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.inline()
                        .filename(safe(sound.name()), StandardCharsets.UTF_8)
                        .build()
                        .toString());
        if (wanted.size() > 1) {
            sendParts(sound, bytes, wanted, request, response);
            return;
        }
        var stretch = wanted.isEmpty() ? new Stretch(0, size - 1) : wanted.getFirst();
        if (!wanted.isEmpty()) {
            response.setStatus(HttpStatus.PARTIAL_CONTENT.value());
            response.setHeader(HttpHeaders.CONTENT_RANGE, stretch.contentRange(size));
        }
        response.setContentType(sound.mediaType());
        response.setContentLengthLong(stretch.length());
        if (request.getMethod().equals("HEAD")) {
            return;
        }
        if (stretch.length() >= WORTH_SENDFILE
                && Boolean.TRUE.equals(request.getAttribute("org.apache.tomcat.sendfile.support"))) {
            request.setAttribute(
                    "org.apache.tomcat.sendfile.filename", file.toRealPath().toString());
            request.setAttribute("org.apache.tomcat.sendfile.start", stretch.first());
            request.setAttribute("org.apache.tomcat.sendfile.end", stretch.last() + 1);
        } else {
            copy(bytes, stretch, response.getOutputStream());
        }
    }

    /// Empty for the whole file: no range asked for, one for another state of the file, or more than anyone needs.
    private static List<Stretch> wanted(
            HttpServletRequest request, HttpServletResponse response, String tag, long size) {
        var header = request.getHeader(HttpHeaders.RANGE);
        var condition = request.getHeader(HttpHeaders.IF_RANGE);
        if (header == null || !header.startsWith("bytes=") || (condition != null && !condition.equals(tag))) {
            return List.of();
        }
        try {
            var stretches = HttpRange.parseRanges(header).stream()
                    .filter(range -> range.getRangeStart(size) < size)
                    .map(range -> new Stretch(range.getRangeStart(size), range.getRangeEnd(size)))
                    .filter(stretch -> stretch.first() <= stretch.last())
                    .toList();
            if (!stretches.isEmpty()) {
                long sum = stretches.stream().mapToLong(Stretch::length).sum();
                return stretches.size() > MOST_RANGES || sum > size ? List.of() : stretches;
            }
        } catch (IllegalArgumentException e) {
            // As unsatisfiable as a range behind the end.
        }
        response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
        throw Problem.of(
                        HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                        "range_not_satisfiable",
                        "The song has no such range of bytes.")
                .raised();
    }

    private static void sendParts(
            Sound sound,
            FileChannel bytes,
            List<Stretch> stretches,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        long size = bytes.size();
        var boundary = UUID.randomUUID().toString();
        var heads = stretches.stream()
                .map(stretch -> "\r\n--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n"
                        .formatted(boundary, sound.mediaType(), stretch.contentRange(size))
                        .getBytes(StandardCharsets.US_ASCII))
                .toList();
        var end = "\r\n--%s--\r\n".formatted(boundary).getBytes(StandardCharsets.US_ASCII);
        response.setStatus(HttpStatus.PARTIAL_CONTENT.value());
        response.setContentType("multipart/byteranges; boundary=" + boundary);
        response.setContentLengthLong(
                stretches.stream().mapToLong(Stretch::length).sum()
                        + heads.stream().mapToLong(head -> head.length).sum()
                        + end.length);
        if (request.getMethod().equals("HEAD")) {
            return;
        }
        var out = response.getOutputStream();
        for (int i = 0; i < stretches.size(); i++) {
            out.write(heads.get(i));
            copy(bytes, stretches.get(i), out);
        }
        out.write(end);
    }

    private static void copy(FileChannel bytes, Stretch stretch, OutputStream to) throws IOException {
        var out = Channels.newChannel(to);
        long position = stretch.first();
        while (position <= stretch.last()) {
            long sent = bytes.transferTo(position, stretch.last() + 1 - position, out);
            if (sent <= 0) {
                throw new IOException("The file became shorter while it was sent");
            }
            position += sent;
        }
    }

    /// Letters, digits and a few marks: nothing that means something to a shell, a path or a header.
    private static String safe(String name) {
        var plain = name.replaceAll("[^\\p{L}\\p{N} ._()-]", "_").strip();
        return plain.isEmpty() || plain.startsWith(".") ? "_" + plain : plain;
    }
}
