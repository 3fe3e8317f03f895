package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the roles may do, right by right, whoever made them: all of it stands in `privileges.txt`, and nothing else.
class RolesIT {

    private static final Path EXPECTED = Path.of("src/test/resources/privileges.txt");

    private static final Map<String, String> HASTY =
            Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off");

    static EmbeddedPostgres server;
    static DatabaseUrl made;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        server = EmbeddedPostgres.start(folder, _ -> {}, HASTY, _ -> TestCluster.bundledBinaries());
        made = database(server, "made");
        new Migrations(made, Optional.empty()).run(_ -> {});
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void mayWhatWasReviewedAndNothingElse() throws Exception {
        var privileges = privileges(made);

        if (Boolean.getBoolean("golden.refresh")) {
            Files.writeString(EXPECTED, privileges);
        }
        assertThat(privileges)
                .as("The rights of a role changed. If they should: mvn verify -Dit.test=RolesIT -Dgolden.refresh=true,"
                        + " and review the difference")
                .isEqualTo(Files.readString(EXPECTED));
    }

    @Test
    void mayTheSameWhereASuperuserMadeTheRolesByHand(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/psql")), "psql is not on this machine");
        try (var another = EmbeddedPostgres.start(folder, _ -> {}, HASTY, _ -> TestCluster.bundledBinaries())) {
            var superuser = DatabaseUrl.parse(another.url());
            byHand(superuser, "by_hand");
            var owner = new DatabaseUrl("urvote_admin", "own", superuser.hosts(), "by_hand", superuser.parameters());
            var application =
                    new DatabaseUrl("urvote_user", "app", superuser.hosts(), "by_hand", superuser.parameters());
            new Migrations(owner, Optional.of(application)).run(_ -> {});

            var found = new DatabaseUrl(
                    superuser.user(), superuser.password(), superuser.hosts(), "by_hand", superuser.parameters());

            assertThat(privileges(found)).isEqualTo(Files.readString(EXPECTED));
        }
    }

    /// The seed's `revoke all` and `grant select, insert, update, delete on all tables`, and what UrVote gives instead.
    @Test
    void mayLessThanTheSeedGave() throws SQLException {
        try (var connection = made.connect()) {
            var db = Migrations.client(connection);

            assertThat(may(
                            db,
                            "select c.relname from pg_class c where has_table_privilege('urvote_user', c.oid,"
                                    + " 'delete')"))
                    .containsExactlyInAnyOrder(
                            "client_members",
                            "vote_answers",
                            "files",
                            "sign_in_codes",
                            "password_resets",
                            "refresh_tokens",
                            "totp_secrets",
                            "recovery_codes",
                            "passkeys",
                            "passkey_challenges",
                            "second_steps",
                            "sessions",
                            "erasures",
                            "size_samples",
                            "size_samples",
                            "size_samples",
                            "chore_runs",
                            "chore_runs",
                            "chore_runs",
                            "event_publication",
                            "event_publication",
                            "event_publication");
            assertThat(may(
                            db,
                            "select c.relname from pg_class c where has_table_privilege('urvote_user', c.oid,"
                                    + " 'truncate')"))
                    .isEmpty();
            assertThat(may(db, """
                select c.relname from pg_class c
                 where c.relispartition and c.relkind = 'r'
                   and has_table_privilege('urvote_user', c.oid, 'select, insert, update, delete')
                """)).isEmpty();
            assertThat(may(db, """
                select a.attname
                  from pg_attribute a
                 where a.attrelid = 'contest.votes'::regclass and a.attnum > 0
                   and has_column_privilege('urvote_user', a.attrelid, a.attnum, 'update')
                """))
                    .containsExactlyInAnyOrder(
                            "status",
                            "changed_at",
                            "changed_by",
                            "change_reason",
                            // Emptied, and nothing else: the trigger votes_only_forget.
                            "ip_address",
                            "user_agent",
                            "device_fingerprint",
                            "recaptcha_score",
                            "country_code",
                            "region",
                            "city");
        }
    }

    @Test
    void readersReadNoSecretsAndWriteNothing() throws SQLException {
        try (var connection = made.connect()) {
            var db = Migrations.client(connection);

            assertThat(may(db, """
                select c.relname || '.' || a.attname
                  from pg_attribute a
                  join pg_class c on c.oid = a.attrelid
                 where c.relnamespace::regnamespace::text in ('identity', 'media', 'contest')
                   and a.attname in ('email', 'email_folded', 'hashed_password', 'verification_token', 'token_hash',
                                     'rotation_key', 'code_hash', 'ip_address', 'user_agent', 'device_fingerprint',
                                     'serialized_event')
                   and has_column_privilege('urvote_readonly', c.oid, a.attnum, 'select')
                """)).isEmpty();
            assertThat(may(db, """
                select c.relname
                  from pg_class c
                 where c.relnamespace::regnamespace::text in ('identity', 'media', 'contest')
                   and c.relkind in ('r', 'p')
                   and has_any_column_privilege('urvote_readonly', c.oid, 'insert, update')
                """)).isEmpty();
        }
    }

    @Test
    void backupsReadEverythingAndWriteNothing() throws SQLException {
        try (var connection = made.connect()) {
            assertThat(may(Migrations.client(connection), """
                select rolname || rolsuper || rolbypassrls || rolcanlogin || rolcreaterole || rolcreatedb
                  from pg_roles where rolname = 'urvote_backup'
                union all
                select c.relname
                  from pg_class c
                 where c.relkind in ('r', 'p')
                   and has_table_privilege('urvote_backup', c.oid, 'insert, update, delete, truncate')
                   and c.relnamespace::regnamespace::text in ('identity', 'media', 'contest')
                """))
                    .containsExactly("urvote_backupfalsetruefalsefalsefalse");
        }
    }

    private static List<String> may(JdbcClient db, String sql) {
        return db.sql(sql).query((row, _) -> row.getString(1)).list();
    }

    private static void byHand(DatabaseUrl superuser, String database) throws IOException, InterruptedException {
        var plan = new DatabasePlan(database, "urvote_admin", ScramSecret.of("own"), ScramSecret.of("app"), false);
        Servers.psql(superuser, plan.script());
    }

    private static DatabaseUrl database(EmbeddedPostgres server, String name) throws SQLException {
        var superuser = DatabaseUrl.parse(server.url());
        try (var connection = superuser.connect();
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        return new DatabaseUrl(superuser.user(), superuser.password(), superuser.hosts(), name, superuser.parameters());
    }

    /// Of the two roles that are under the policies: what they are, and every right they have, however they came by it.
    private static String privileges(DatabaseUrl url) throws SQLException {
        try (var connection = url.connect()) {
            return String.join("\n", may(Migrations.client(connection), """
                with roles as (
                    select oid, rolname::text as role, rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls
                      from pg_roles where rolname in ('urvote_user', 'urvote_readonly')
                ), tables as (
                    select c.oid, n.nspname || '.' || case when c.relispartition then regexp_replace(c.relname, '[0-9]{4}_[0-9]{2}', 'YYYY_MM') else c.relname end as name, c.relkind
                      from pg_class c
                      join pg_namespace n on n.oid = c.relnamespace
                     where n.nspname in ('identity', 'media', 'contest') and c.relkind in ('r', 'p', 'v', 'm', 'S')
                )
                select distinct line collate "C" as line from (
                    select role, 1 as part, role || ': ' || concat_ws(', ', case when rolcanlogin then 'logs in' else 'logs not in' end,
                             case when rolsuper then 'superuser' end, case when rolcreaterole then 'makes roles' end, case when rolcreatedb then 'makes databases' end,
                             case when rolreplication then 'replicates' end, case when rolbypassrls then 'bypasses policies' end) as line
                      from roles
                    union all
                    select role, 2, format('%s: database %s', role, lower(privilege))
                      from roles cross join unnest(array['CONNECT', 'CREATE', 'TEMPORARY']) privilege
                     where has_database_privilege(roles.oid, current_database(), privilege)
                    union all
                    select role, 3, format('%s: schema %s %s', role, n.nspname, lower(privilege))
                      from roles cross join pg_namespace n cross join unnest(array['USAGE', 'CREATE']) privilege
                     where n.nspname in ('identity', 'media', 'contest', 'public') and has_schema_privilege(roles.oid, n.oid, privilege)
                    union all
                    select role, 4, format('%s: %s %s', role, t.name, string_agg(lower(privilege), ', ' order by privilege))
                      from roles cross join tables t cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) privilege
                     where t.relkind <> 'S' and has_table_privilege(roles.oid, t.oid, privilege)
                     group by role, t.name, t.oid
                    union all
                    select role, 5, format('%s: %s %s (%s)', role, t.name, lower(privilege), string_agg(a.attname, ', ' order by a.attname))
                      from roles cross join tables t
                      join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
                     cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) privilege
                     where t.relkind <> 'S' and has_column_privilege(roles.oid, t.oid, a.attnum, privilege)
                       and not has_table_privilege(roles.oid, t.oid, privilege)
                     group by role, t.name, t.oid, privilege
                    union all
                    select role, 6, format('%s: sequence %s %s', role, t.name, lower(privilege))
                      from roles cross join tables t cross join unnest(array['USAGE', 'SELECT', 'UPDATE']) privilege
                     where t.relkind = 'S' and has_sequence_privilege(roles.oid, t.oid, privilege)
                    union all
                    select role, 7, format('%s: function %s.%s%s', role, n.nspname, p.proname, case when p.prosecdef then ', as its definer' else '' end)
                      from roles cross join pg_proc p
                      join pg_namespace n on n.oid = p.pronamespace
                     where n.nspname in ('identity', 'media', 'contest')
                       and has_schema_privilege(roles.oid, n.oid, 'usage') and has_function_privilege(roles.oid, p.oid, 'execute')
                ) lines (role, part, line)
                order by 1
                """)) + "\n";
        }
    }
}
