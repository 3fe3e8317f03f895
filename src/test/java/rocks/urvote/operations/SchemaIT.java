package rocks.urvote.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import rocks.urvote.testkit.DebianPostgres;
import rocks.urvote.testkit.TestPostgres;

/// The schema as it comes out of the migrations, read from the catalogue and compared with the one under review.
class SchemaIT {

    private static final Path GOLDEN = Path.of("src/test/resources/schema.golden.txt");

    @Test
    void isTheOneThatWasReviewed() throws IOException {
        var schema = schema(TestPostgres.freshDatabase());

        if (Boolean.getBoolean("golden.refresh")) {
            Files.writeString(GOLDEN, schema);
        }
        assertThat(schema)
                .as("The schema changed. If it should: mvn verify -Dit.test=SchemaIT -Dgolden.refresh=true, and"
                        + " review the difference")
                .isEqualTo(Files.readString(GOLDEN));
    }

    static boolean debianIsHere() {
        return DebianPostgres.isHere();
    }

    @Test
    @EnabledIf("debianIsHere")
    void isTheSameOnPostgres15() throws IOException {
        assertThat(schema(DebianPostgres.freshDatabase())).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void leavesNoTableUnguarded() {
        var database = migrated(TestPostgres.freshDatabase());

        for (var service : new String[] {"identity", "media", "contest"}) {
            assertThat(database.sql("select * from %s.unguarded_tables".formatted(service))
                            .query()
                            .listOfRows())
                    .isEmpty();
        }
    }

    /// Once a statement or again for each row: a policy that remembers the role and asks for the user anew would serve
    /// a cursor that outlives who opened it as somebody who never was.
    @Test
    void askInEachPolicyForAllOfWhoActsInTheSameWay() {
        assertThat(migrated(TestPostgres.freshDatabase())
                        .sql("""
                            select tablename || ': ' || policyname
                              from (select *, concat_ws(' ', qual, with_check) as rule from pg_policies) p
                             where schemaname in ('identity', 'media', 'contest')
                               and regexp_count(rule, 'SELECT [a-z]+[.]acting_[a-z]+[(]')
                                   not in (0, regexp_count(rule, '[.]acting_[a-z]+[(]'))
                            """)
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    private static JdbcClient migrated(String url) {
        var parsed = DatabaseUrl.parse(url);
        new Migrations(parsed, Optional.empty()).run(step -> {});
        return JdbcClient.create(new DriverManagerDataSource(parsed.jdbc(), parsed.user(), parsed.password()));
    }

    /// Columns, constraints, indexes, policies, grants and functions; partitions go by their parents.
    private static String schema(String url) {
        return String.join("\n", migrated(url).sql("""
            with tables as (
                select c.oid, n.nspname || '.' || c.relname as name, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relacl, c.relowner
                  from pg_class c
                  join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname in ('identity', 'media', 'contest') and c.relkind in ('r', 'p', 'v', 'S')
                   and not c.relispartition and c.relname <> 'flyway_schema_history'
            )
            select line from (
                select t.name, 1 as part, '' as key, E'\\n' || case t.relkind when 'v' then 'view ' when 'S' then 'sequence ' when 'p' then 'partitioned table ' else 'table ' end || t.name
                       || case when t.relforcerowsecurity and t.relrowsecurity then ' (forced row level security)' else '' end as line
                  from tables t
                union all
                select t.name, 2, to_char(a.attnum, '000'), '  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                       || case when a.attnotnull then ' not null' else '' end
                       || coalesce(case when a.attgenerated = 's' then ' generated ' else ' default ' end || pg_get_expr(d.adbin, d.adrelid), '')
                       || case a.attidentity when '' then '' else ' identity' end
                  from tables t
                  join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
                  left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
                 where t.relkind in ('r', 'p')
                union all
                select t.name, 3, c.conname, '  constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
                  from tables t
                  join pg_constraint c on c.conrelid = t.oid
                 where c.contype <> 'n'
                union all
                select t.name, 4, i.relname, '  ' || pg_get_indexdef(x.indexrelid)
                  from tables t
                  join pg_index x on x.indrelid = t.oid
                  join pg_class i on i.oid = x.indexrelid
                 where not exists (select from pg_constraint c where c.conindid = x.indexrelid and c.contype in ('p', 'u'))
                union all
                select t.name, 5, p.polname, '  policy ' || p.polname || ' ' || p.polcmd::text
                       || coalesce((select ' to ' || string_agg(rolname, ', ' order by rolname) from pg_roles where oid = any (p.polroles)), '')
                       || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '')
                       || coalesce(' check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')
                  from tables t
                  join pg_policy p on p.polrelid = t.oid
                union all
                select t.name, 6, pg_get_userbyid(a.grantee), '  grant ' || string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) || ' to ' || pg_get_userbyid(a.grantee)
                  from tables t
                 cross join lateral aclexplode(t.relacl) a
                 where a.grantee <> t.relowner and a.grantee <> 0
                 group by t.name, a.grantee
                union all
                select n.nspname || '.' || p.proname, 7, '', E'\\nfunction ' || n.nspname || '.' || p.proname || '(' || pg_get_function_arguments(p.oid) || ')'
                       || case when p.prosecdef then ' as its definer' else '' end || ' ' || coalesce(pg_get_function_sqlbody(p.oid), md5(p.prosrc))
                  from pg_proc p
                  join pg_namespace n on n.oid = p.pronamespace
                 where n.nspname in ('identity', 'media', 'contest')
            ) lines
             order by name collate "C", part, key collate "C"
            """).query(String.class).list()) + "\n";
    }
}
