package rocks.urvote.media;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where files are kept: `uploads/` in the data folder, or the folder that is set.
@ConfigurationProperties("urvote")
record MediaSettings(
        @DefaultValue("./data") Path dataDir,
        @Nullable String uploads,
        @DefaultValue("50") int uploadsAtOnce) {

    Path folder() {
        if (uploads == null || uploads.isBlank()) {
            return dataDir.resolve("uploads").toAbsolutePath().normalize();
        }
        if (uploads.startsWith("s3://")) {
            throw new IllegalStateException(
                    "URVOTE_UPLOADS must be the path of a folder for now, not '%s'".formatted(uploads));
        }
        return Path.of(uploads).toAbsolutePath().normalize();
    }
}
