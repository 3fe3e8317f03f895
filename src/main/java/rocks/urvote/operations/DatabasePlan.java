package rocks.urvote.operations;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// All that a superuser does once so that UrVote has a database: five roles, their rights, and the database. The steps
/// are queries, whether UrVote asks them itself or they are printed for `psql`, so both come to the same.
///
/// @param name        of the database
/// @param login       UrVote's own: member of the owner of the tables, and of the role that backs up
/// @param loginSecret its password
/// @param userSecret  the application's
/// @param newPasswords whether both get these passwords where they have some already
record DatabasePlan(String name, String login, ScramSecret loginSecret, ScramSecret userSecret, boolean newPasswords) {

    /// One thing that has to be so.
    sealed interface Step {

        String query();

        /// The query gives a sentence for each reason not to begin.
        record Demand(String query) implements Step {}

        /// The query gives the statements to execute, and none where all is there already.
        record Make(String what, String query) implements Step {}
    }

    /// Nothing is made before all demands are met.
    List<Step> steps() {
        var steps = new ArrayList<Step>(demands());
        for (var role : Roles.ALL) {
            steps.add(role(role, Roles.rights(role)));
        }
        steps.add(new Step.Make("right of urvote_backup to read every row", """
            select 'alter role urvote_backup bypassrls'
             where exists (select from pg_roles where rolname = 'urvote_backup' and not rolbypassrls)
            """));
        steps.add(new Step.Make("right of urvote_backup to read every table", """
            select 'grant pg_read_all_data to urvote_backup'
             where not pg_has_role('urvote_backup', 'pg_read_all_data', 'USAGE')
            """));
        steps.add(role(login, "login createdb"));
        steps.add(new Step.Make(
                "right of %s to make the databases in which backups are proved".formatted(login),
                """
                select format('alter role %I createdb', rolname)
                  from pg_roles
                 where rolname = {login} and not rolcreatedb
                """.replace("{login}", literal(login))));
        steps.addAll(List.of(member(Roles.OWNER), member(Roles.BACKUP)));
        steps.addAll(passwords());
        steps.add(database());
        steps.addAll(rights());
        return List.copyOf(steps);
    }

    private List<Step.Demand> demands() {
        return List.of(
                new Step.Demand("""
                    select format('%s is no superuser of this PostgreSQL: set URVOTE_DATABASE_URL to the URL of one, or have one'
                               || ' run what ''urvote database create --print'' prints', current_user)
                      from pg_roles
                     where rolname = current_user and not rolsuper
                    """),
                new Step.Demand("""
                    select format('This is PostgreSQL %s, but UrVote needs 15 or newer', current_setting('server_version'))
                     where current_setting('server_version_num')::int < 150000
                    """),
                new Step.Demand("""
                    select format('The role %1$s is there already and %2$s: if it is not UrVote''s, rename it, else take that from it',
                                  rolname,
                                  case when rolsuper then 'is a superuser'
                                       when rolbypassrls and rolname <> 'urvote_backup' then 'bypasses row level security'
                                       when rolcreaterole then 'may make roles'
                                       when rolreplication then 'may replicate'
                                       else 'may not log in' end)
                      from pg_roles
                     where rolname in ({roles}, {login})
                       and (rolsuper or rolbypassrls and rolname <> 'urvote_backup' or rolcreaterole or rolreplication
                            or not rolcanlogin and rolname in ('urvote_user', {login}))
                     order by rolname
                    """.replace("{roles}", roles()).replace("{login}", literal(login))),
                new Step.Demand("""
                    select format('The role urvote_user is a member of %s, but must be of none: revoke %1$I from urvote_user',
                                  roleid::regrole)
                      from pg_auth_members
                     where member = to_regrole('urvote_user')
                    """),
                new Step.Demand("""
                    select format('The database %1$s is there already and belongs to %2$s: if it is meant for UrVote,'
                               || ' alter database %1$I owner to urvote_owner, else name another', datname, datdba::regrole)
                      from pg_database
                     where datname = {name} and datdba is distinct from to_regrole('urvote_owner')
                    """.replace("{name}", literal(name))),
                new Step.Demand("""
                    select format('The database %s is there already and its encoding is %s, but UrVote needs UTF8',
                                  datname, pg_encoding_to_char(encoding))
                      from pg_database
                     where datname = {name} and pg_encoding_to_char(encoding) <> 'UTF8'
                    """.replace("{name}", literal(name))),
                new Step.Demand(
                        """
                        select format('The role %1$s has its password already but urvote_user, whose password follows from it, has none:'
                                   || ' add --new-password', rolname)
                          from pg_authid
                         where rolname = {login} and rolpassword is not null and not {new}
                           and not exists (select from pg_authid where rolname = 'urvote_user' and rolpassword is not null)
                        """.replace("{login}", literal(login)).replace("{new}", Boolean.toString(newPasswords))));
    }

    private static Step role(String role, String rights) {
        return new Step.Make("role " + role, """
            select format('create role %I {rights}', {role})
             where not exists (select from pg_roles where rolname = {role})
            """.replace("{rights}", rights).replace("{role}", literal(role)));
    }

    private Step member(String role) {
        return new Step.Make("membership of %s in %s".formatted(login, role), """
            select format('grant {role} to %I', {login})
             where not exists (select
                                 from pg_auth_members
                                where roleid = to_regrole('{role}')
                                  and member = (select oid from pg_roles where rolname = {login}))
            """.replace("{role}", role)
                .replace("{login}", literal(login)));
    }

    /// The application's first, as the login's missing one says that both are to be set.
    private List<Step> passwords() {
        var missing = """
             where {new} or exists (select from pg_authid where rolname = {login} and rolpassword is null)
            """.replace("{new}", Boolean.toString(newPasswords)).replace("{login}", literal(login));
        return List.of(
                new Step.Make(
                        "password of urvote_user",
                        "select %s\n%s"
                                .formatted(
                                        literal("alter role urvote_user password '%s'".formatted(userSecret.text())),
                                        missing)),
                new Step.Make(
                        "password of " + login,
                        "select format('alter role %%I password %%L', %s, %s)\n%s"
                                .formatted(literal(login), literal(loginSecret.text()), missing)));
    }

    /// Sorts by code point, the same on every machine and after every update of it: no index breaks unseen.
    private Step database() {
        return new Step.Make("database " + name, """
            select format('create database %I owner urvote_owner template template0 encoding ''UTF8'' %s', {name},
                          case when current_setting('server_version_num')::int >= 170000
                               then 'locale_provider builtin builtin_locale ''C.UTF-8'' locale ''C'''
                               else 'locale_provider libc locale ''C.UTF-8''' end)
             where not exists (select from pg_database where datname = {name})
            """.replace("{name}", literal(name)));
    }

    private List<Step> rights() {
        return List.of(
                new Step.Make("database %s closed to others".formatted(name), """
                    select format('revoke all on database %I from public', datname)
                      from pg_database
                     where datname = {name}
                       and (datacl is null or exists (select from aclexplode(datacl) where grantee = 0))
                    """.replace("{name}", literal(name))),
                new Step.Make("rights of its roles to connect", """
                    select format('grant connect on database %I to %I', datname, rolname)
                      from pg_database, pg_roles
                     where datname = {name}
                       and rolname in ({roles})
                       and not exists (select
                                         from aclexplode(datacl)
                                        where grantee = pg_roles.oid and privilege_type = 'CONNECT')
                     order by rolname
                    """.replace("{name}", literal(name))
                        .replace("{roles}", roles())),
                new Step.Make("search path of " + name, """
                    select format('alter database %I set search_path = {path}', datname)
                      from pg_database
                     where datname = {name}
                       and not exists (select
                                         from pg_db_role_setting
                                        where setdatabase = pg_database.oid
                                          and setrole = 0
                                          and 'search_path={path}' = any (setconfig))
                    """.replace("{name}", literal(name))
                        .replace("{path}", Migrations.SEARCH_PATH)));
    }

    /// For `psql`, as a superuser.
    String script() {
        return steps().stream()
                        .map(DatabasePlan::forPsql)
                        .collect(Collectors.joining("\n", """
                            -- The database %s and the roles of UrVote, for a PostgreSQL 15 to 18. Run it once, as a superuser:
                            --
                            --     psql -X -f <this file> postgresql://postgres@<host>/postgres
                            --
                            -- urvote_owner owns the tables, urvote_user is the application, urvote_readonly is for people who look,
                            -- urvote_backup reads everything for backups; %s is UrVote's login. None is a superuser, and only the
                            -- backup's bypasses row level security. Running it again changes nothing. There is no password in it,
                            -- only what PostgreSQL keeps to check one.
                            \\set ON_ERROR_STOP on
                            \\set QUIET on

                            """.formatted(name, login), ""))
                + "\n\\echo The database and the roles of UrVote are there.\n";
    }

    private static String forPsql(Step step) {
        return switch (step) {
            case Step.Demand(var query) -> """
                do $demand$
                declare
                    complaint text;
                begin
                    for complaint in
                {query}    loop
                        raise exception '%', complaint;
                    end loop;
                end
                $demand$;
                """.replace("{query}", query.indent(8));
            case Step.Make(var what, var query) -> "-- %s\n%s\\gexec\n".formatted(what, query);
        };
    }

    private static String roles() {
        return Roles.ALL.stream().map(DatabasePlan::literal).collect(Collectors.joining(", "));
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
