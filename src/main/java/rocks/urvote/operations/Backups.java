package rocks.urvote.operations;

import java.nio.file.Path;
import java.util.Optional;

/// What is set of everything that is kept against loss.
///
/// @param folder    where it lies: `URVOTE_BACKUPS`
/// @param uploads   the folder of the files that belong to the database
/// @param hour      of this machine's day, when a backup is made; never where absent
/// @param days      for how long every backup is kept
/// @param months    for how many months after that one of each is kept
/// @param recipient the public key, in age's form, for which backups are encrypted
/// @param tools     the folder of `pg_dump` and `pg_restore`, or `none`; absent where they are looked for
public record Backups(
        Path folder,
        Path uploads,
        Optional<Integer> hour,
        int days,
        int months,
        Optional<String> recipient,
        Optional<String> tools) {

    static Backups of(Settings settings) {
        return new Backups(
                settings.folder(Setting.BACKUPS, "backups"),
                settings.folder(Setting.UPLOADS, "uploads"),
                settings.value(Setting.BACKUP_HOUR)
                        .filter(hour -> !hour.equals("never"))
                        .map(Integer::valueOf),
                settings.number(Setting.BACKUP_DAYS),
                settings.number(Setting.BACKUP_MONTHS),
                settings.value(Setting.BACKUP_RECIPIENT),
                settings.value(Setting.PG_TOOLS));
    }
}
