package rocks.urvote.songs;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.InvalidFileNameException;
import org.apache.tomcat.util.http.fileupload.impl.SizeLimitExceededException;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import rocks.urvote.kernel.UserId;
import rocks.urvote.media.Files;
import rocks.urvote.media.Files.Arrival;
import rocks.urvote.web.Checks;
import rocks.urvote.web.Problem;

/// Reads a song's form, `multipart/form-data`, part by part while it arrives: the file goes straight to where it is
/// proved and kept, and never lies in memory or on disk a second time.
@Component
final class SongForm {

    private static final Set<String> FIELDS = Set.of(
            "title",
            "artist_name",
            "genre",
            "ai_tools_used",
            "description",
            "license_type",
            "rights_declared",
            "external_link");
    private static final int MOST_PARTS = 30;
    private static final int LONGEST_FIELD = 64 * 1024;
    private static final long BESIDE_THE_FILE = 1024 * 1024;

    private final Files files;

    SongForm(Files files) {
        this.files = files;
    }

    /// What arrived. Of a file that was refused, `refusal` says why.
    record Filled(
            Map<String, String> fields,
            Files.@Nullable Kept file,
            @Nullable Problem refusal,
            Checks checks) {

        /// Leaves when something is wrong with what arrived, with the file first.
        Filled orRaise() {
            if (refusal != null) {
                throw refusal.raised();
            }
            checks.orRaise();
            return this;
        }
    }

    /// Reads the form and does with it what is to be done. A file is kept only if that ends well.
    ///
    /// `others` are fields that a page sends along.
    <T> T read(HttpServletRequest request, UserId sender, int mostMb, Set<String> others, Function<Filled, T> use) {
        long most = mostMb * 1024L * 1024;
        if (request.getContentLengthLong() > most + BESIDE_THE_FILE) {
            return use.apply(new Filled(Map.of(), null, tooLarge(mostMb), Checks.start()));
        }
        var reading = new Reading(request, sender, most, mostMb, others);
        boolean used = false;
        try {
            T result = use.apply(reading.run());
            used = true;
            return result;
        } finally {
            if (!used && reading.file != null) {
                files.discard(reading.file.path());
            }
        }
    }

    private static Problem tooLarge(int mostMb) {
        return Problem.of(
                HttpStatus.CONTENT_TOO_LARGE,
                "file_too_large",
                "The file is too large: at most %d MB are allowed here.".formatted(mostMb));
    }

    private final class Reading {

        private final HttpServletRequest request;
        private final UserId sender;
        private final long most;
        private final int mostMb;
        private final Set<String> others;
        private final Checks checks = Checks.start();
        private final Map<String, String> fields = new HashMap<>();
        private Files.@Nullable Kept file;
        private @Nullable Problem refusal;
        private boolean fileSeen;

        private Reading(HttpServletRequest request, UserId sender, long most, int mostMb, Set<String> others) {
            this.request = request;
            this.sender = sender;
            this.most = most;
            this.mostMb = mostMb;
            this.others = others;
        }

        private Filled run() {
            try {
                var upload = new FileUpload();
                upload.setHeaderEncoding(StandardCharsets.UTF_8.name());
                upload.setPartHeaderSizeMax(8 * 1024);
                upload.setSizeMax(most + BESIDE_THE_FILE);
                var parts = upload.getItemIterator(new ServletRequestContext(request));
                if (!parts.hasNext()) {
                    throw Problem.malformed("The form has no parts.").raised();
                }
                for (int count = 0; parts.hasNext(); count++) {
                    if (count == MOST_PARTS) {
                        throw Problem.malformed("The form has too many parts.").raised();
                    }
                    take(parts.next());
                }
            } catch (IOException e) {
                if (cause(e, SizeLimitExceededException.class)
                        .filter(limit -> limit.getPermittedSize() >= most)
                        .isPresent()) {
                    refusal = tooLarge(mostMb);
                } else {
                    throw Problem.malformed("The form could not be read: it is not a whole multipart body.")
                            .raised();
                }
            }
            return new Filled(Map.copyOf(fields), file, refusal, checks);
        }

        private void take(FileItemStream part) throws IOException {
            var name = part.getFieldName();
            if ("file".equals(name)) {
                takeFile(part);
            } else if (name == null || !(FIELDS.contains(name) || others.contains(name))) {
                checks.wrong(
                        name == null ? "part" : name.substring(0, Math.min(100, name.length())), "is not known here");
            } else if (fields.containsKey(name)) {
                checks.wrong(name, "is given more than once");
            } else {
                fields.put(name, text(name, part));
            }
        }

        private String text(String name, FileItemStream part) throws IOException {
            try (var in = part.openStream()) {
                var bytes = in.readNBytes(LONGEST_FIELD + 1);
                if (bytes.length > LONGEST_FIELD) {
                    checks.wrong(name, "is far too long");
                    return "";
                }
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException e) {
                checks.wrong(name, "must be text in UTF-8");
                return "";
            }
        }

        private void takeFile(FileItemStream part) throws IOException {
            if (fileSeen) {
                checks.wrong("file", "is given more than once");
                return;
            }
            fileSeen = true;
            if ("link".equals(fields.get("source"))) {
                return;
            }
            var name = nameOf(part);
            try (var in = new PushbackInputStream(part.openStream())) {
                int first = in.read();
                if (first < 0 && name.isEmpty()) {
                    // What a browser sends where no file was chosen.
                    fileSeen = false;
                    return;
                }
                if (!plain(name)) {
                    checks.wrong("file", "must have a plain file name, without slashes or control characters");
                    return;
                }
                if (first >= 0) {
                    in.unread(first);
                }
                switch (files.receive(sender, in, most)) {
                    case Arrival.Accepted(var kept) -> file = kept;
                    case Arrival.TooLarge _ -> refusal = tooLarge(mostMb);
                    case Arrival.NotAudio(var why) ->
                        refusal = Problem.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "not_audio", why + ".");
                }
            }
        }

        private static String nameOf(FileItemStream part) {
            try {
                return Optional.ofNullable(part.getName()).orElse("");
            } catch (InvalidFileNameException e) {
                return e.getName();
            }
        }

        private static boolean plain(String name) {
            return name.length() <= 255
                    && !name.equals("..")
                    && name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
        }
    }

    private static <E extends Throwable> Optional<E> cause(Throwable failure, Class<E> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return Optional.of(kind.cast(cause));
            }
        }
        return Optional.empty();
    }
}
