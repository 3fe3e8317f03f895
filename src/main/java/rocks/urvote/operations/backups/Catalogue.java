package rocks.urvote.operations.backups;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flywaydb.core.api.MigrationVersion;
import org.springframework.jdbc.core.simple.JdbcClient;
import rocks.urvote.operations.Databases;

/// What a database holds: its tables, with the number and a checksum of their rows, its sequences, its versions.
final class Catalogue {

    private final Connection connection;
    private final JdbcClient db;

    Catalogue(Connection connection) {
        this.connection = connection;
        this.db = Sql.client(connection);
    }

    /// The tables that have rows of their own, not counted yet. A table that is no partition but named like a month of
    /// a partitioned one was detached from it.
    List<Manifest.Table> tables() {
        return db.sql("""
            select n.nspname || '.' || c.relname as name,
                   (select array_agg(a.attname::text order by a.attnum)
                      from pg_attribute a
                     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
                   (select coalesce(array_agg(a.attname::text order by a.attnum), '{}')
                      from pg_attribute a
                     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated <> '') as generated,
                   (select pn.nspname || '.' || p.relname
                      from pg_inherits i
                      join pg_class p on p.oid = i.inhparent
                      join pg_namespace pn on pn.oid = p.relnamespace
                     where i.inhrelid = c.oid and c.relispartition) as partition_of,
                   pg_get_expr(c.relpartbound, c.oid) as bound,
                   (select n.nspname || '.' || p.relname
                      from pg_class p
                     where p.relnamespace = c.relnamespace and p.relkind = 'p' and not c.relispartition
                       and c.relname ~ ('^' || p.relname || '_[0-9]{4}_(0[1-9]|1[0-2])$')) as detached_from
              from pg_class c
              join pg_namespace n on n.oid = c.relnamespace
             where n.nspname in (:schemas) and c.relkind = 'r'
             order by 1
            """)
                .param("schemas", Databases.SCHEMAS)
                .query((row, _) -> new Manifest.Table(
                        row.getString("name"),
                        List.of((String[]) row.getArray("columns").getArray()),
                        List.of((String[]) row.getArray("generated").getArray()),
                        0,
                        "",
                        row.getString("partition_of"),
                        row.getString("bound"),
                        row.getString("detached_from")))
                .list();
    }

    List<String> partitionedTables() {
        return named("p");
    }

    /// What there is of a kind, in PostgreSQL's letters for kinds.
    private List<String> named(String kind) {
        return db.sql("""
            select n.nspname || '.' || c.relname
              from pg_class c
              join pg_namespace n on n.oid = c.relnamespace
             where n.nspname in (:schemas) and c.relkind = :kind::"char"
             order by 1
            """)
                .param("schemas", Databases.SCHEMAS)
                .param("kind", kind)
                .query((row, _) -> row.getString(1))
                .list();
    }

    /// The same table with what it holds. The checksum does not depend on the order of the rows, and is computed alike
    /// by every PostgreSQL.
    Manifest.Table counted(Manifest.Table table) throws SQLException {
        var sql = """
            select count(*), coalesce(sum(hashtextextended(row(%s)::text, 0)), 0)::text
              from only %s
            """.formatted(String.join(", ", table.allColumns()), table.name());
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return table.with(row.getLong(1), row.getString(2));
        }
    }

    List<Manifest.Sequence> sequences() throws SQLException {
        var sequences = new ArrayList<Manifest.Sequence>();
        for (var name : named("S")) {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("select last_value, is_called from " + name)) {
                row.next();
                sequences.add(new Manifest.Sequence(name, row.getLong(1), row.getBoolean(2)));
            }
        }
        return sequences;
    }

    /// Of each service that has tables, the newest migration it has seen.
    Map<String, String> versions() {
        var versions = new TreeMap<String, String>();
        for (var schema : Databases.SCHEMAS) {
            var history = schema + ".flyway_schema_history";
            if (!db.sql("select to_regclass(:history) is not null")
                    .param("history", history)
                    .query(Boolean.class)
                    .single()) {
                continue;
            }
            db
                    .sql("select version from %s where success and version is not null".formatted(history))
                    .query((row, _) -> MigrationVersion.fromVersion(row.getString(1)))
                    .list()
                    .stream()
                    .max(MigrationVersion::compareTo)
                    .ifPresent(version -> versions.put(schema, version.getVersion()));
        }
        return versions;
    }

    /// What is another than it was, as sentences.
    static List<String> differences(Manifest.Table expected, Manifest.Table found) {
        if (found.rows() != expected.rows()) {
            return List.of("%s has %,d rows, not the %,d that were backed up"
                    .formatted(expected.name(), found.rows(), expected.rows()));
        }
        if (!found.checksum().equals(expected.checksum())) {
            return List.of("%s has other rows than those that were backed up".formatted(expected.name()));
        }
        return List.of();
    }
}
