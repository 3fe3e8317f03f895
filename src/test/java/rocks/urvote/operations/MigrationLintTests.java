package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MigrationLintTests {

    private static final Path FOLDER = Path.of("src/main/resources/db/migration");

    private static final String BEFORE = "before the first release nobody votes while it runs";

    /// Scripts that break the rules and may. Only those of before the first release: nothing newer comes here.
    private static final Map<String, String> MAY = Map.ofEntries(
            Map.entry("every/V1__who_acts_audit_and_outbox.sql", "the outbox holds nobody's rows"),
            Map.entry("contest/V3__songs.sql", BEFORE),
            Map.entry("contest/V4__votes.sql", BEFORE),
            Map.entry("contest/V5__tallies_count_their_changes.sql", BEFORE),
            Map.entry("contest/V7__ballots_ask_once_who_acts.sql", BEFORE),
            Map.entry("contest/V7_1__votes_ask_once_who_acts.sql", BEFORE),
            Map.entry("contest/V7_2__tallies_ask_once_who_acts.sql", BEFORE),
            Map.entry("contest/V7_3__answers_ask_once_who_acts.sql", BEFORE),
            Map.entry("contest/V8__contests_tell_of_their_changes.sql", BEFORE),
            Map.entry("contest/V9__songs_count_and_tell_their_changes.sql", BEFORE),
            Map.entry("contest/V10__what_was_archived_still_counts.sql", BEFORE));

    private static final Pattern RELEASED_VERSION = Pattern.compile("V([1-9]|10)(_\\d+)?__.*");

    static Stream<Path> scripts() throws IOException {
        try (var files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".sql")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void migrationsKeepToTheRules(Path script) {
        var found = complaints(script);

        if (MAY.containsKey(name(script))) {
            assertThat(found)
                    .as("%s keeps to the rules, so take it off the list", script)
                    .isNotEmpty();
        } else {
            assertThat(found).as(script.toString()).isEmpty();
        }
    }

    @Test
    void nothingNewMayBreakThem() {
        assertThat(MAY.keySet()).allSatisfy(script -> {
            assertThat(FOLDER.resolve(script)).exists();
            assertThat(FOLDER.resolve(script).getFileName().toString()).matches(RELEASED_VERSION);
        });
    }

    /// A script, and what the lint says of it.
    static Stream<Arguments> badScripts() {
        return new TreeMap<>(Map.ofEntries(
                        bad("create index idx_x on songs (title)", "stops all writing to songs"),
                        bad("create unique index idx_y on contest.votes (song_id)", "stops all writing to votes"),
                        bad("create index concurrently idx_z on songs (title)", "executeInTransaction=false"),
                        bad("drop index idx_x", "drop index concurrently"),
                        bad("alter table songs alter column title set not null", "reads all of songs under a lock"),
                        bad("alter table songs add constraint a check (id > 0)", "add it 'not valid'"),
                        bad("alter table songs add check (id > 0)", "add it 'not valid'"),
                        bad(
                                "alter table songs add constraint b foreign key (id) references clients (id)",
                                "add it 'not valid'"),
                        bad("alter table songs add constraint c unique (title)", "then add the key 'using index'"),
                        bad("alter table songs add primary key (id)", "then add the key 'using index'"),
                        bad("alter table songs alter column title type text", "rewrites songs"),
                        bad("alter table songs alter title set data type text", "rewrites songs"),
                        bad("alter table songs add column token uuid default gen_random_uuid()", "rewrites songs"),
                        bad("alter table songs add column n bigint generated always as identity", "rewrites songs"),
                        bad("alter table songs add column l int generated always as (1) stored", "rewrites songs"),
                        bad("alter table songs add column m bigserial", "rewrites songs"),
                        bad("alter table songs add column o int not null", "fails where songs has rows"),
                        bad("alter table songs add column p int check (p > 0)", "its rule as a constraint"),
                        bad("alter table songs add column q int references clients (id)", "its rule as a constraint"),
                        bad("alter table songs add column r int, drop column title", "takes a column of songs away"),
                        bad("alter table songs drop title", "takes a column of songs away"),
                        bad("drop table songs", "that the release before still needs"),
                        bad("drop function contest.name_key(text)", "that the release before still needs"),
                        bad("alter table songs rename column title to name", "renames what the release before"),
                        bad("alter table songs rename to tracks", "renames what the release before"),
                        bad("alter table songs set unlogged", "rewrites songs"),
                        bad("alter table votes detach partition votes_2027_01", "detach partition ... concurrently"),
                        bad(
                                "alter table songs add constraint d check (id > 0) not valid; alter table songs"
                                        + " validate constraint d",
                                "validates what it added"),
                        bad("truncate songs", "locks a whole table"),
                        bad("lock table songs", "locks a whole table"),
                        bad("vacuum full songs", "locks a whole table"),
                        bad("reindex table songs", "reindex ... concurrently"),
                        bad(
                                "create table contest.votes_2031_01 partition of contest.votes for values from"
                                        + " ('2031-01-01') to ('2031-02-01')",
                                "make the partition apart"),
                        bad("create table s (id bigint); alter table s enable row level security", "makes s without"),
                        bad("create materialized view v as select 1", "reads as its owner"),
                        bad("update songs set title = 'x'", "changes rows of songs under its policies"),
                        bad("insert into contest.songs select * from t", "changes rows of songs under its policies"),
                        bad("delete from songs", "changes rows of songs under its policies"),
                        bad(
                                "with old as (delete from only songs returning id) select 1",
                                "changes rows of songs under its policies"),
                        bad("do $$ begin update songs set title = 'y'; end $$", "changes rows of songs"),
                        bad("do $$ begin execute 'drop table ' || 'songs'; end $$", "executes what cannot be read"),
                        bad(
                                "alter table songs no force row level security; update songs set title = 'z'",
                                "turns forcing off for songs and not on again"),
                        bad(
                                "alter table songs no force row level security; alter table songs force row level"
                                        + " security; update songs set title = 'z'",
                                "changes rows of songs under its policies"),
                        bad(
                                "alter table songs add column s int; alter table contests add column s int",
                                "changes songs and contests: one existing table a script"),
                        bad(
                                "create policy p on songs using (true); create trigger t before update on contests for"
                                        + " each row execute function f()",
                                "changes songs and contests: one existing table a script")))
                .entrySet().stream().map(script -> Arguments.of(script.getKey(), script.getValue()));
    }

    private static Map.Entry<String, String> bad(String sql, String said) {
        return Map.entry(sql, said);
    }

    @ParameterizedTest
    @MethodSource("badScripts")
    void complainsOf(String sql, String said) {
        assertThat(MigrationLint.complaints("set local lock_timeout = '5s';\n" + sql))
                .anyMatch(complaint -> complaint.contains(said));
    }

    @Test
    void complainsWhereNobodySaidHowLongToWait() {
        assertThat(MigrationLint.complaints("alter table songs add column x int"))
                .containsExactly("line 1: may wait for songs, and everyone behind it: 'set local lock_timeout' first");
        assertThat(MigrationLint.complaints("alter policy p on songs using (true)"))
                .hasSize(1);
        assertThat(MigrationLint.complaints("alter table songs add column x int; set local lock_timeout = '5s'"))
                .hasSize(1);
    }

    static Stream<String> goodScripts() {
        return Stream.of(
                "alter table songs add column plays bigint not null default 0",
                "alter table songs add column heard timestamptz default now(), add column words text default 'a (b)'",
                "alter table songs add constraint a check (id > 0) not valid",
                "alter table songs validate constraint a",
                "alter table songs add constraint u unique using index songs_title",
                "create index idx on only votes (song_id)",
                "alter policy p on songs using (true)",
                "-- contract: since 0.3 nobody reads it\nalter table songs drop column plays",
                "alter table songs no force row level security; update songs set title = title;"
                        + " alter table songs force row level security",
                "comment on table songs is 'drop table songs; create index on songs (title)'",
                "select 1 /* /* drop table songs; */ truncate songs */ -- drop table songs;\n",
                "create function f() returns trigger language plpgsql as $$ begin delete from songs; return new; end"
                        + " $$",
                """
                create table plays (id bigint primary key, title text not null unique, check (id > 0));
                create index on plays (title);
                alter table plays alter column title type varchar(10);
                alter table plays enable row level security;
                alter table plays force row level security;
                create policy "plays; are public" on plays for select using (true);
                grant select on plays to urvote_user;
                """);
    }

    @ParameterizedTest
    @MethodSource("goodScripts")
    void hasNothingToSayOf(String sql) {
        assertThat(MigrationLint.complaints("set local lock_timeout = '5s';\n" + sql))
                .isEmpty();
    }

    @Test
    void takesAnIndexMadeAlongsideTheVotes() {
        var drop = "set lock_timeout = '10min'; drop index concurrently if exists idx;";
        var make = "create index concurrently idx on songs (title)";

        assertThat(MigrationLint.complaints(drop + make, false)).isEmpty();
        assertThat(MigrationLint.complaints(drop + make + "; select 1", false)).hasSize(1);
        assertThat(MigrationLint.complaints("set lock_timeout = '10min';" + make, false))
                .singleElement()
                .asString()
                .contains("'drop index concurrently if exists idx' first");
        assertThat(MigrationLint.complaints(drop + make.replace("create", "create unique"), false))
                .isEmpty();
        assertThat(MigrationLint.complaints(
                        "set lock_timeout = '10min';" + make.replace("create", "create unique"), false))
                .hasSize(1);
        assertThat(MigrationLint.complaints(drop + make.replace("idx", "other"), false))
                .hasSize(1);
    }

    @Test
    void saysInWhichLine() {
        assertThat(MigrationLint.complaints("set local lock_timeout = '5s';\n\n/* two\nlines */ truncate\nsongs"))
                .containsExactly("line 4: locks a whole table: 'truncate' has no place in a migration");
    }

    private static List<String> complaints(Path script) {
        try {
            var settings = Path.of(script + ".conf");
            var inTransaction = !Files.exists(settings)
                    || !Files.readString(settings).replace(" ", "").contains("executeInTransaction=false");
            return MigrationLint.complaints(Files.readString(script), inTransaction);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path script) {
        return FOLDER.relativize(script).toString();
    }
}
