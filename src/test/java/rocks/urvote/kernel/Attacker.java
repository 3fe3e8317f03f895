package rocks.urvote.kernel;

import java.io.IOException;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// One thread that reads and writes as anybody on connections out of the pool, as the application does it, and holds
/// what comes back against the oracle.
final class Attacker {

    /// Something came back, or was let in, that must not.
    static final class Caught extends RuntimeException {

        private static final long serialVersionUID = 1;

        Caught(String message) {
            super(message);
        }
    }

    private static final Pattern MARKER = Pattern.compile("zz[a-z]+-\\d+zz");
    private static final String REFUSED = "42501";

    /// Others were in the way: nothing was learnt.
    private static final Set<String> IN_THE_WAY = Set.of("55P03", "40P01");

    private final DataSource pool;
    private final Oracle oracle;
    private final AttackStage stage;
    private final RandomGenerator random;
    private final Map<String, AtomicLong> done;

    /// Who acts now.
    private Identity who = Identity.NOBODY;

    Attacker(DataSource pool, Oracle oracle, AttackStage stage, RandomGenerator random, Map<String, AtomicLong> done) {
        this.pool = pool;
        this.oracle = oracle;
        this.stage = stage;
        this.random = random;
        this.done = done;
    }

    void attack(long operations) throws SQLException {
        for (long left = operations; left > 0; ) {
            try (var connection = pool.getConnection()) {
                left -= random.nextInt(20) == 0 ? outside(connection) : transaction(connection);
            }
        }
    }

    /// Without a transaction nobody is anybody, whoever had the connection before.
    private int outside(Connection connection) throws SQLException {
        who = Identity.NOBODY;
        readAll(connection, table());
        return count("outside of a transaction");
    }

    private int transaction(Connection connection) throws SQLException {
        int operations = 0;
        connection.setAutoCommit(false);
        try {
            who = Identity.NOBODY;
            if (random.nextInt(10) > 0) {
                become(connection, Identity.any(random));
            }
            if (random.nextInt(4) == 0) {
                run(connection, "set local plan_cache_mode = force_generic_plan");
            }
            run(connection, "set local lock_timeout = '1s'");
            for (int n = random.nextInt(1, 9); n > 0; n--) {
                if (random.nextInt(6) == 0) {
                    become(connection, Identity.any(random));
                }
                operation(connection, table());
                operations++;
            }
            end(connection);
        } catch (SQLException e) {
            leaksNothing(e);
            connection.rollback();
            if (!IN_THE_WAY.contains(e.getSQLState())) {
                throw new Caught("%s met %s %s".formatted(who, e.getSQLState(), e.getMessage()));
            }
            count("in the way of each other");
        } finally {
            connection.setAutoCommit(true);
        }
        return Math.max(1, operations);
    }

    private void end(Connection connection) throws SQLException {
        switch (random.nextInt(4)) {
            case 0 -> connection.rollback();
            case 1 -> {
                // An error the application does not see coming: the transaction is over, and so is who acted.
                try {
                    run(connection, "select 1 / 0");
                } catch (SQLException e) {
                    count("broken off");
                }
                connection.rollback();
            }
            default -> connection.commit();
        }
    }

    private void become(Connection connection, Identity identity) throws SQLException {
        try (var set = connection.prepareStatement("""
            select set_config('urvote.role', ?, true), set_config('urvote.user_id', ?, true),
                   set_config('urvote.client_id', ?, true)
            """)) {
            set.setString(1, identity.role() == null ? "" : identity.role());
            set.setString(2, identity.user() == null ? "" : Long.toString(identity.user()));
            set.setString(3, identity.client() == null ? "" : Long.toString(identity.client()));
            set.execute();
        }
        who = identity;
    }

    private Table table() {
        return Identity.any(AttackStage.TABLES, random);
    }

    private void operation(Connection connection, Table table) throws SQLException {
        int dice = random.nextInt(100);
        if (dice < 18) {
            readAll(connection, table);
        } else if (dice < 40) {
            readOne(connection, table);
        } else if (dice < 46) {
            markers(connection, table);
        } else if (dice < 51) {
            join(connection, table);
        } else if (dice < 56) {
            errorThatTells(connection, table);
        } else if (dice < 61) {
            castThatTells(connection, table);
        } else if (dice < 72) {
            change(connection, table, false);
        } else if (dice < 74) {
            change(connection, table, true);
        } else if (dice < 78) {
            remove(connection, table);
        } else if (dice < 80) {
            hold(connection, table);
        } else if (dice < 83) {
            copy(connection, table);
        } else if (dice < 86) {
            cursor(connection, table);
        } else if (dice < 92) {
            enter(connection);
        } else if (dice < 94) {
            elsewhere(connection, table);
        } else {
            above(connection, table);
        }
    }

    private void readAll(Connection connection, Table table) throws SQLException {
        same(
                "read all",
                table,
                keys(connection, "select %s from %s".formatted(table.key(), table)),
                oracle.seen(who, table));
    }

    private void readOne(Connection connection, Table table) throws SQLException {
        var key = anyKey(table);
        var found = keys(connection, "select %1$s from %2$s where %1$s = ?".formatted(table.key(), table), key);
        same("read one", table, found, only(key, oracle.seen(who, table)));
    }

    private void markers(Connection connection, Table table) throws SQLException {
        if (table.marker() == null) {
            readAll(connection, table);
            return;
        }
        var all = keys(
                connection,
                "select string_agg(%s, ' ') from %s tablesample system (100)".formatted(table.marker(), table));
        same("sample", table, found(String.join(" ", all)), inside(oracle.markers(who, table)));
    }

    private void join(Connection connection, Table table) throws SQLException {
        var key = anyKey(table);
        var sql = "select a.* from (select %1$s as k from %2$s) a where exists (select from %2$s where %1$s = ?)"
                .formatted(table.key(), table);
        var seen = oracle.seen(who, table);
        same("join", table, keys(connection, sql, key), seen.contains(key) ? seen : Set.of());
    }

    /// An operator that may fail is asked only about rows that may be seen.
    private void errorThatTells(Connection connection, Table table) throws SQLException {
        var key = anyKey(table);
        var sql = "select %1$s from %2$s where 1 / (case when %1$s = ? then 0 else 1 end) = 1"
                .formatted(table.key(), table);
        if (oracle.seen(who, table).contains(key)) {
            refused(connection, "22012", () -> keys(connection, sql, key));
        } else {
            same("division", table, keys(connection, sql, key), oracle.seen(who, table));
        }
        count("error");
    }

    private void castThatTells(Connection connection, Table table) throws SQLException {
        if (table.marker() == null || oracle.seen(who, table).isEmpty()) {
            readAll(connection, table);
            return;
        }
        var sql = "select count(*) from %s where (%s)::numeric > 0".formatted(table, table.marker());
        var told = refused(connection, "22P02", () -> keys(connection, sql));
        same("cast", table, foreign(found(told), table), Set.of());
    }

    /// What it may not, a whole statement is refused for; what it may not find, is left alone.
    private void change(Connection connection, Table table, boolean all) throws SQLException {
        var key = anyKey(table);
        var sql = "update %s set %s %s returning %s"
                .formatted(table, table.change(), all ? "" : "where %s = ?".formatted(table.key()), table.key());
        var parameters = all ? new String[0] : new String[] {key};
        if (!table.updates()) {
            refused(connection, REFUSED, () -> keys(connection, sql, parameters));
            return;
        }
        var changes = all ? oracle.changed(who, table) : only(key, oracle.changed(who, table));
        if (changes.stream().anyMatch(oracle.untouchable(who, table)::contains)) {
            refused(connection, REFUSED, () -> keys(connection, sql, parameters));
        } else {
            same("change", table, keys(connection, sql, parameters), changes);
        }
        count("change");
    }

    private void remove(Connection connection, Table table) throws SQLException {
        var sql = "delete from %s returning %s".formatted(table, table.key());
        if (!table.deletes()) {
            refused(connection, REFUSED, () -> keys(connection, sql));
            return;
        }
        var before = connection.setSavepoint();
        same("remove", table, keys(connection, sql), oracle.removed(who, table));
        connection.rollback(before);
        readAll(connection, table);
    }

    private void hold(Connection connection, Table table) throws SQLException {
        var sql = "select %s from %s for update".formatted(table.key(), table);
        if (!table.updates()) {
            refused(connection, REFUSED, () -> keys(connection, sql));
        } else {
            same("for update", table, keys(connection, sql), oracle.changed(who, table));
        }
    }

    private void copy(Connection connection, Table table) throws SQLException {
        var out = new StringWriter();
        try {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("copy (select %s from %s) to stdout".formatted(table.key(), table), out);
        } catch (IOException e) {
            throw new SQLException(e);
        }
        same("copy", table, out.toString().lines().collect(Collectors.toSet()), oracle.seen(who, table));
    }

    /// Read by two, one after the other: each row is one that either of them may see.
    private void cursor(Connection connection, Table table) throws SQLException {
        var first = who;
        run(connection, "declare half cursor for select %s from %s".formatted(table.key(), table));
        var read = new HashSet<>(fetch(connection, "3"));
        become(connection, Identity.any(random));
        read.addAll(fetch(connection, "all"));
        run(connection, "close half");
        read.removeAll(oracle.seen(first, table));
        read.removeAll(oracle.seen(who, table));
        same("cursor", table, read, Set.of());
    }

    private static Set<String> fetch(Connection connection, String howMany) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("fetch %s from half".formatted(howMany))) {
            var keys = new HashSet<String>();
            while (rows.next()) {
                keys.add(text(rows.getString(1)));
            }
            return keys;
        }
    }

    private void enter(Connection connection) throws SQLException {
        long client = AttackStage.anyClient(random);
        long user = AttackStage.anyUser(random);
        long contest = 3001 + random.nextLong(12);
        var owns = who.is("admin") || who.actsFor(client, "owner");
        var member = Identity.any(stage.rows("contest.client_members"), random);
        long of = Long.parseLong(String.valueOf(member.get("client_id")));
        switch (random.nextInt(7)) {
            case 0 -> enters(connection, client < 1005 && owns, client < 1005, """
                insert into contest.client_members (client_id, user_id, role) values (%d, %d, 'owner')
                    on conflict do nothing
                """.formatted(client, user));
            case 1 ->
                enters(connection, who.is("admin") || who.actsFor(of, "owner"), true, """
                    insert into contest.client_members (client_id, user_id, role) values (%d, %s, 'owner')
                        on conflict (client_id, user_id) do update set role = excluded.role returning role
                    """.formatted(
                                of, member.get("user_id")));
            case 2 ->
                enters(connection, client < 1005 && owns, client < 1005, """
                    insert into contest.contests (client_id, name, start_date, end_date)
                    values (%d, 'New %d', now(), now() + interval '1 day')
                    """.formatted(
                                client, random.nextLong(Long.MAX_VALUE)));
            case 3 ->
                enters(connection, oracle.entersSong(who, contest, user), true, """
                    insert into contest.songs (client_id, contest_id, title, artist_name, ai_tools_used, external_link,
                                               artist_id, rights_declared_at, rights_text_version, entry_number)
                    values (%d, %d, 'New', 'New', 'none', 'https://example.org', %d, now(), '1', %d)
                    """.formatted(
                                oracle.clientOf(contest), contest, user, random.nextInt(1_000_000) + 1000));
            case 4 ->
                enters(connection, who.isUser(user) || who.is("admin", "chore"), true, """
                    insert into media.files (path, size, sha256, format, media_type, uploaded_by)
                    values ('2026/01/new-%d.mp3', 1, repeat('0', 64), 'mp3', 'audio/mpeg', %d)
                    """.formatted(
                                random.nextLong(Long.MAX_VALUE), user));
            case 5 -> enters(connection, who.is("ballot_box"), true, """
                insert into contest.song_tallies as t (song_id, shard, n) values (%d, 0, 1)
                    on conflict (song_id, shard) do update set n = t.n returning n
                """.formatted(4001 + random.nextInt(72)));
            default ->
                enters(connection, who.is("admin", "sign_in"), true, """
                    insert into identity.users (email, email_folded, username)
                    values ('%1$d@x.org', '%1$d@x.org', 'new%1$d')
                    """.formatted(random.nextLong(Long.MAX_VALUE)));
        }
    }

    /// Whoever may is let in, everybody else refused by name of the rule; and it is as if it had not been.
    private void enters(Connection connection, boolean may, boolean exists, String sql) throws SQLException {
        if (!may) {
            var told = refused(connection, exists ? REFUSED : "", () -> run(connection, sql));
            same("enter", AttackStage.TABLES.getFirst(), found(told), Set.of());
        } else {
            var before = connection.setSavepoint();
            run(connection, sql);
            connection.rollback(before);
        }
        count("enter");
    }

    /// The parent's policies do not protect a partition, so nobody gets there.
    private void elsewhere(Connection connection, Table table) throws SQLException {
        var sql = table.name().equals("contest.ballots")
                ? "select * from contest.ballots_%s"
                : "update contest.votes_%s set status = 'void'";
        var month = java.time.LocalDate.now(java.time.ZoneOffset.UTC)
                .toString()
                .substring(0, 7)
                .replace('-', '_');
        refused(connection, REFUSED, () -> run(connection, sql.formatted(month)));
        count("partition");
    }

    private void above(Connection connection, Table table) throws SQLException {
        var attempts = List.of(
                "set role urvote_owner",
                "set local role postgres",
                "set session authorization postgres",
                "alter table %s disable row level security".formatted(table),
                "alter table %s no force row level security".formatted(table),
                "create policy mine on %s using (true)".formatted(table),
                "truncate " + table,
                "create temporary table kept as select * from %s".formatted(table),
                "create view contest.mine as select * from %s".formatted(table),
                "copy %s to program 'cat'".formatted(table));
        refused(connection, REFUSED, () -> run(connection, Identity.any(attempts, random)));
        var before = connection.setSavepoint();
        run(connection, "set local row_security = off");
        refused(connection, REFUSED, () -> keys(connection, "select %s from %s".formatted(table.key(), table)));
        connection.rollback(before);
        readAll(connection, table);
    }

    @FunctionalInterface
    private interface Attempt {
        void make() throws SQLException;
    }

    /// The words of the refusal. Whoever acted inside acts no longer: the savepoint takes that back too.
    private String refused(Connection connection, String state, Attempt attempt) throws SQLException {
        var e = refusedWith(connection, attempt);
        begins(e, state);
        count("refused");
        return String.valueOf(e.getMessage());
    }

    private SQLException refusedWith(Connection connection, Attempt attempt) throws SQLException {
        var before = connection.setSavepoint();
        try {
            attempt.make();
        } catch (SQLException e) {
            leaksNothing(e);
            if (IN_THE_WAY.contains(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            return e;
        }
        throw new Caught("%s was not refused".formatted(who));
    }

    private void begins(SQLException e, String state) {
        if (!String.valueOf(e.getSQLState()).startsWith(state)) {
            throw new Caught(
                    "%s was refused with %s, not %s: %s".formatted(who, e.getSQLState(), state, e.getMessage()));
        }
    }

    /// No error names what the one who meets it may not see.
    private void leaksNothing(SQLException e) {
        var told = found(String.valueOf(e.getMessage()));
        for (var table : AttackStage.TABLES) {
            told.removeAll(inside(oracle.markers(who, table)));
        }
        if (!told.isEmpty()) {
            throw new Caught("%s was told of %s: %s".formatted(who, told, e.getMessage()));
        }
    }

    private Set<String> foreign(Set<String> told, Table table) {
        told.removeAll(inside(oracle.markers(who, table)));
        return told;
    }

    private static Set<String> found(String text) {
        return MARKER.matcher(text).results().map(each -> each.group()).collect(Collectors.toCollection(HashSet::new));
    }

    private static Set<String> inside(Set<String> markers) {
        return markers.stream().flatMap(marker -> found(marker).stream()).collect(Collectors.toSet());
    }

    private void same(String what, Table table, Set<String> found, Set<String> expected) {
        if (!found.equals(expected)) {
            throw new Caught("%s of %s as %s: foreign %s, missing %s"
                    .formatted(what, table, who, without(found, expected), without(expected, found)));
        }
        count(what);
    }

    private static Set<String> without(Set<String> all, Set<String> those) {
        return all.stream().filter(each -> !those.contains(each)).collect(Collectors.toSet());
    }

    private static Set<String> only(String key, Set<String> keys) {
        return keys.contains(key) ? Set.of(key) : Set.of();
    }

    private String anyKey(Table table) {
        return String.valueOf(Identity.any(stage.rows(table), random).get("key"));
    }

    private Set<String> keys(Connection connection, String sql, String... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (var rows = statement.executeQuery()) {
                var keys = new HashSet<String>();
                while (rows.next()) {
                    keys.add(text(rows.getString(1)));
                }
                return keys;
            }
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int count(String what) {
        Function<String, AtomicLong> none = _ -> new AtomicLong();
        done.computeIfAbsent(what, none).incrementAndGet();
        return 1;
    }
}
