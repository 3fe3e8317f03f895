package rocks.urvote.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Schedule;

/// Takes away what a killed process left in `temp/`: nothing arrives for a whole day.
@Component
final class SweepArrivals implements Chore {

    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Folder folder;
    private final Clock clock;

    SweepArrivals(Folder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "take away abandoned uploads";
    }

    @Override
    public Schedule schedule() {
        return Schedule.every(Duration.ofHours(6));
    }

    @Override
    public String run() throws IOException {
        int gone = 0;
        var before = clock.instant().minus(ABANDONED);
        try (var files = Files.newDirectoryStream(folder.arriving())) {
            for (var file : files) {
                try {
                    if (Files.isRegularFile(file)
                            && Files.getLastModifiedTime(file).toInstant().isBefore(before)
                            && Files.deleteIfExists(file)) {
                        gone++;
                    }
                } catch (NoSuchFileException e) {
                    // It arrived meanwhile, or was refused.
                }
            }
        }
        return "%,d abandoned uploads are gone.".formatted(gone);
    }
}
