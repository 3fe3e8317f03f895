package rocks.urvote.operations;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Looks for ways around row level security: in each service's schema by its guard view, and in what concerns the whole
/// database here. Also takes back what PostgreSQL gives to everyone and UrVote has no use for.
final class Guard {

    private Guard() {}

    /// As sentences; empty where all is well.
    static List<String> holes(JdbcClient db) {
        return Stream.concat(
                        inTheDatabase(db).stream(),
                        Migrations.SERVICES.stream().flatMap(service -> inTheSchema(db, service).stream()))
                .toList();
    }

    private static List<String> inTheSchema(JdbcClient db, String service) {
        var migrated = db.sql("select to_regclass(:view) is not null")
                .param("view", service + ".unguarded_tables")
                .query(Boolean.class)
                .single();
        if (!migrated) {
            return List.of();
        }
        return db.sql("""
            select concat_ws(' ', case when name like '%%.%%' then name else '%1$s.' || name end, reason)
              from %1$s.unguarded_tables
             order by 1
            """.formatted(service))
                .query((row, _) -> row.getString(1))
                .list();
    }

    private static List<String> inTheDatabase(JdbcClient db) {
        return db
                .sql("""
                    with ours as (
                        select oid, rolname::text as name, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
                          from pg_roles
                         where rolname in (:application, :reader, :backup)
                    )
                    select format('%s may %s', ours.name, power.does)
                      from ours
                     cross join lateral (values ('do everything, as a superuser', ours.rolsuper),
                                                ('bypass row level security', ours.rolbypassrls and ours.name <> :backup),
                                                ('make roles', ours.rolcreaterole),
                                                ('make databases', ours.rolcreatedb),
                                                ('replicate', ours.rolreplication)) power (does, has)
                     where power.has
                    union all
                    -- Whoever is a member of another role may what that one may, policies or not.
                    select format('%s is a member of %s', ours.name, m.roleid::regrole)
                      from pg_auth_members m
                      join ours on ours.oid = m.member
                     where not (ours.name = :backup and m.roleid = 'pg_read_all_data'::regrole)
                    union all
                    select format('%s may create things in the schema %s', ours.name, n.nspname)
                      from ours, pg_namespace n
                     where n.nspname in (:schemas)
                       and has_schema_privilege(ours.oid, n.oid, 'create')
                    union all
                    select format('%s may create schemas in the database', ours.name)
                      from ours
                     where has_database_privilege(ours.oid, current_database(), 'create')
                    union all
                    -- In any schema: what runs as somebody above the policies, and may be called by the application.
                    select format('%s.%s is a function that runs as %s, whom no policy holds', n.nspname, p.proname, owner.rolname)
                      from pg_proc p
                      join pg_namespace n on n.oid = p.pronamespace
                      join pg_roles owner on owner.oid = p.proowner and (owner.rolsuper or owner.rolbypassrls)
                      join ours on ours.name in (:application, :reader)
                     where p.prosecdef
                       and n.nspname not in ('pg_catalog', 'information_schema')
                       and has_schema_privilege(ours.oid, n.oid, 'usage')
                       and has_function_privilege(ours.oid, p.oid, 'execute')
                       and not exists (select from pg_depend d
                                        where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
                    order by 1
                    """)
                .param("application", Roles.APPLICATION)
                .param("reader", Roles.READER)
                .param("backup", Roles.BACKUP)
                .param(
                        "schemas",
                        Stream.concat(Migrations.SERVICES.stream(), Stream.of("public"))
                                .toList())
                .query((row, _) -> row.getString(1))
                .list()
                .stream()
                .distinct()
                .toList();
    }

    /// Temporary tables, and things of one's own in `public`, are for the owner. Where this login may not take them
    /// back, the first stays and the second is a hole.
    static void tighten(Connection connection, String database) throws SQLException {
        var db = Migrations.client(connection);
        if (has(db, "select has_database_privilege('%s', current_database(), 'temporary')")) {
            grantIfAllowed(connection, "grant temporary on database %s to %s".formatted(database, Roles.OWNER));
            grantIfAllowed(connection, "revoke temporary on database %s from public".formatted(database));
        }
        if (has(db, "select has_schema_privilege('%s', to_regnamespace('public'), 'create')")) {
            grantIfAllowed(connection, "revoke create on schema public from public");
        }
    }

    private static boolean has(JdbcClient db, String question) {
        return db.sql("select coalesce((%s), false)".formatted(question.formatted(Roles.APPLICATION)))
                .query(Boolean.class)
                .single();
    }

    private static void grantIfAllowed(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            if (!"42501".equals(e.getSQLState())) {
                throw e;
            }
        }
    }
}
