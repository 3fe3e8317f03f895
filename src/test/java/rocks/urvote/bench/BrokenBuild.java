package rocks.urvote.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A copy of the jar with one promise broken in the statement that casts votes: what a mistake there would look like.
/// Nothing in the program itself helps with it. Where the patch finds nothing to change any more, it says so.
enum BrokenBuild {
    /// The answer comes before the vote is on disk.
    SYNCHRONOUS_COMMIT_OFF("synchronous_commit=off", "\\bnow\\(\\)(?= >= start_date)", """
        (select now() from set_config('synchronous_commit', 'off', true))\
        """),

    /// The daily limit is looked up, not locked: two at once both find room.
    CHECK_THEN_INSERT("allowance as check-then-insert", "\\bb\\.n(?= >= excluded\\.lim)", """
        (select count(*) from contest.votes taken where taken.contest_id = excluded.contest_id
            and taken.voter_id = excluded.voter_id and taken.vote_day = excluded.vote_day
            and taken.status <> 'withdrawn')\
        """),

    /// The statement no longer counts; `LateTally` does, when the vote has long been answered.
    TALLY_OUTSIDE(
            "tally outside the transaction", "(?<=where outcome = 'received')\\s+(?=group by song\\b)", " and false ");

    private static final String STATEMENT = "BOOT-INF/classes/rocks/urvote/votes/cast-batch.sql";
    private static final Pattern COMMENT = Pattern.compile("--[^\\n]*");

    private final String words;
    private final Pattern promise;
    private final String instead;

    BrokenBuild(String words, String promise, String instead) {
        this.words = words;
        this.promise = Pattern.compile(promise);
        this.instead = instead;
    }

    static BrokenBuild named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    String words() {
        return words;
    }

    /// The broken jar, in `folder`.
    Path of(Path jar, Path folder) {
        var broken = folder.resolve(name().toLowerCase(Locale.ROOT) + ".jar");
        try {
            Files.createDirectories(folder);
            Files.copy(jar, broken, StandardCopyOption.REPLACE_EXISTING);
            try (var files = FileSystems.newFileSystem(broken)) {
                var file = files.getPath(STATEMENT);
                var before = Files.readString(file);
                var after = patched(before);
                if (after.equals(before)) {
                    throw new IllegalStateException(
                            "Nothing to break: the statement that casts votes no longer has " + promise);
                }
                Files.writeString(file, after);
            }
            return broken;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String patched(String statement) {
        return promise.matcher(COMMENT.matcher(statement).replaceAll("")).replaceAll(Matcher.quoteReplacement(instead));
    }
}
