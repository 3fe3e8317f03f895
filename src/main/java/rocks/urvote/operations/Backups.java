package rocks.urvote.operations;

import java.nio.file.Path;
import java.util.Optional;

/// What is set of everything that is kept against loss.
///
/// @param bucket    where backups lie, if not in the folder: `URVOTE_BACKUPS`
/// @param keys      for the bucket; those of the machine where absent
/// @param folder    where they lie without a bucket, and archives of months always
/// @param work      the folder of what is on its way: plain where only what is encrypted, or goes elsewhere, is kept
/// @param uploads   the folder of the files that belong to the database
/// @param hour      of this machine's day, when a backup is made; never where absent
/// @param days      for how long every backup is kept
/// @param months    for how many months after that one of each is kept
/// @param recipient the public key, in age's form, for which backups are encrypted
/// @param tools     the folder of `pg_dump` and `pg_restore`, or `none`; absent where they are looked for
public record Backups(
        Optional<BucketUrl> bucket,
        Optional<BucketKeys> keys,
        Path folder,
        Path work,
        Path uploads,
        Optional<Integer> hour,
        int days,
        int months,
        Optional<String> recipient,
        Optional<String> tools) {

    static Backups of(Settings settings) {
        var bucket = settings.bucket(Setting.BACKUPS);
        var secret = settings.value(Setting.S3_SECRET_KEY);
        return new Backups(
                bucket,
                settings.value(Setting.S3_ACCESS_KEY).flatMap(access -> secret.map(key -> new BucketKeys(access, key))),
                bucket.isPresent()
                        ? settings.dataDir().resolve("backups")
                        : settings.folder(Setting.BACKUPS, "backups"),
                settings.dataDir().resolve("backing-up"),
                settings.folder(Setting.UPLOADS, "uploads"),
                settings.value(Setting.BACKUP_HOUR)
                        .filter(hour -> !hour.equals("never"))
                        .map(Integer::valueOf),
                settings.number(Setting.BACKUP_DAYS),
                settings.number(Setting.BACKUP_MONTHS),
                settings.value(Setting.BACKUP_RECIPIENT),
                settings.value(Setting.PG_TOOLS));
    }

    /// The folder or the bucket, as one names it.
    public String place() {
        return bucket.map(BucketUrl::toString).orElseGet(folder::toString);
    }
}
