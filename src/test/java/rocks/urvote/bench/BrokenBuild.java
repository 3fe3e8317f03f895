package rocks.urvote.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.ConstantInstruction.LoadConstantInstruction;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A copy of the jar with one promise broken in the statement that casts votes: what a mistake there would look like.
/// Nothing in the program itself helps with it. Where the patch finds nothing to change any more, it says so.
enum BrokenBuild {
    /// The answer comes before the vote is on disk.
    SYNCHRONOUS_COMMIT_OFF("synchronous_commit=off", "(?i)\\bnow\\(\\)", """
        (select now() from set_config('synchronous_commit', 'off', true))\
        """),

    /// The daily limit is looked up, not locked: two at once both find room.
    CHECK_THEN_INSERT(
            "allowance as check-then-insert", "(?i)b\\.n(?= >= excluded\\.lim)|(?<=excluded\\.lim - )b\\.n", """
                (select count(*) from contest.votes taken where taken.contest_id = excluded.contest_id
                    and taken.voter_id = excluded.voter_id and taken.vote_day = excluded.vote_day
                    and taken.status <> 'withdrawn')\
                """),

    /// The statement no longer counts; `LateTally` does, when the vote has long been answered.
    TALLY_OUTSIDE(
            "tally outside the transaction",
            "(?is)(?<=insert into (contest\\.)?song_tallies.{0,2000}?)\\bwhere\\b(?=.{0,2000}?on conflict \\(song_id,"
                    + " shard\\))",
            "where false and");

    private static final String STATEMENT = "BOOT-INF/classes/rocks/urvote/votes/cast-batch.sql";
    private static final String VOTES = "BOOT-INF/classes/rocks/urvote/votes";
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
                int changed = Files.exists(files.getPath(STATEMENT)) ? patchResource(files) : patchClasses(files);
                if (changed == 0) {
                    throw new IllegalStateException(
                            "Nothing to break: the statement that casts votes no longer has " + promise);
                }
            }
            return broken;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int patchResource(FileSystem files) throws IOException {
        var file = files.getPath(STATEMENT);
        var before = Files.readString(file);
        var after = patched(before);
        Files.writeString(file, after);
        return after.equals(before) ? 0 : 1;
    }

    /// The statement may also be a text block, and so a constant of a class.
    private int patchClasses(FileSystem files) throws IOException {
        var changed = new AtomicInteger();
        List<Path> classes;
        try (var found = Files.list(files.getPath(VOTES))) {
            classes = found.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (var file : classes) {
            var bytes = Files.readAllBytes(file);
            int before = changed.get();
            var after = patched(bytes, changed);
            if (changed.get() > before) {
                Files.write(file, after);
            }
        }
        return changed.get();
    }

    private byte[] patched(byte[] bytes, AtomicInteger changed) {
        var classFile = ClassFile.of();
        return classFile.transformClass(
                classFile.parse(bytes), ClassTransform.transformingMethodBodies((code, element) -> {
                    if (element instanceof LoadConstantInstruction constant
                            && constant.constantValue() instanceof String text
                            && text.contains("insert into ballots")) {
                        var after = patched(text);
                        changed.addAndGet(after.equals(text) ? 0 : 1);
                        code.loadConstant(after);
                    } else {
                        code.with(element);
                    }
                }));
    }

    private String patched(String statement) {
        return promise.matcher(COMMENT.matcher(statement).replaceAll(""))
                .replaceFirst(Matcher.quoteReplacement(instead));
    }
}
