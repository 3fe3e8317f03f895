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

    /// One that had no room to be proved is none to be made again every hour, as there is less room each time.
    @Override
    public String run() throws IOException {
        var done = backUp.backUp(false);
        return "%s is made and %s; %d old backups are gone."
                .formatted(
                        done.backup().name(),
                        done.untried().map(why -> "not proved: " + why).orElse("proved"),
                        done.removed().size());
    }

    @Override
    public List<String> plan() throws IOException {
        try (var store = BackupStore.of(backUp.settings())) {
            return !store.names().isEmpty() ? List.of() : List.of("The first backup would be made and proved.");
        }
    }
}
