package rocks.urvote.operations.backups;

import java.io.IOException;
import java.util.List;
import rocks.urvote.operations.Chore;
import rocks.urvote.operations.Schedule;

/// A backup a day, once its hour has come.
final class DailyBackup implements Chore {

    private final BackUp backUp;
    private final int hour;

    DailyBackup(BackUp backUp, int hour) {
        this.backUp = backUp;
        this.hour = hour;
    }

    @Override
    public String name() {
        return "daily backup";
    }

    @Override
    public Schedule schedule() {
        return Schedule.daily(hour);
    }

    @Override
    public String run() throws IOException {
        var done = backUp.backUp(false);
        return "%s is made and proved; %d old backups are gone."
                .formatted(done.backup().name(), done.removed().size());
    }

    @Override
    public List<String> plan() throws IOException {
        try (var store = BackupStore.of(backUp.settings())) {
            return !store.names().isEmpty() ? List.of() : List.of("The first backup would be made and proved.");
        }
    }
}
