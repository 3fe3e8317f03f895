package rocks.urvote.operations.backups;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.postgresql.PGConnection;
import rocks.urvote.operations.Command;
import rocks.urvote.operations.Databases;

/// Fills tables that the migrations have just made with the rows of a backup, in one transaction of their owner. What
/// migrations do not make, the months of votes, is made here.
final class CopyLoad {

    private final OpenTables tables;
    private final Manifest manifest;
    private final boolean throwaway;
    private final Map<String, Manifest.Table> there;

    /// @param throwaway whether the database is dropped again, so that its months need no journal
    CopyLoad(OpenTables tables, Manifest manifest, boolean throwaway) {
        this.tables = tables;
        this.manifest = manifest;
        this.throwaway = throwaway;
        this.there = byName(new Catalogue(tables.connection()).tables());
    }

    /// Everything is as it was backed up, or it throws and the transaction is to be given up.
    void load(Path dump) throws SQLException, IOException {
        refuseOtherTables();
        empty();
        var months = manifest.tables().stream().filter(CopyLoad::isMonth).toList();
        var others = manifest.tables().stream().filter(table -> !isMonth(table)).toList();
        try (var zip = new ZipFile(dump.toFile())) {
            for (var table : parentsFirst(others)) {
                load(zip, table);
            }
            for (var month : months) {
                make(month);
                load(zip, month);
                attach(month);
            }
        } catch (ZipException e) {
            throw new Command.Failed("%s is damaged: %s".formatted(dump, e.getMessage()), e);
        }
        for (var sequence : manifest.sequences()) {
            tables.db()
                    .sql("select setval(:sequence::regclass, :value, :called)")
                    .param("sequence", sequence.name())
                    .param("value", sequence.lastValue())
                    .param("called", sequence.called())
                    .query()
                    .singleRow();
        }
    }

    private static boolean isMonth(Manifest.Table table) {
        return table.parent() != null;
    }

    private void refuseOtherTables() {
        var expected = byName(manifest.tables());
        var wrong = Stream.concat(
                        expected.values().stream()
                                .filter(table -> !isMonth(table) && !there.containsKey(table.name()))
                                .map(table -> table.name() + " is made by no migration"),
                        there.values().stream()
                                .filter(table -> !isMonth(table) && !expected.containsKey(table.name()))
                                .map(table -> table.name() + " is missing in the backup"))
                .toList();
        if (!wrong.isEmpty()) {
            throw new Command.Failed("The backup is not of the tables of its versions %s: %s"
                    .formatted(manifest.schemaVersions(), String.join("; ", wrong)));
        }
    }

    /// What migrations have put into tables is in the backup too, and so are their empty months.
    private void empty() {
        tables.execute("truncate "
                + Stream.concat(
                                new Catalogue(tables.connection()).partitionedTables().stream(),
                                there.values().stream()
                                        .filter(table -> !isMonth(table))
                                        .map(Manifest.Table::name))
                        .collect(Collectors.joining(", ")));
        manifest.tables().stream()
                .filter(table -> isMonth(table) && there.containsKey(table.name()))
                .forEach(table -> tables.execute("drop table " + table.name()));
    }

    /// Apart, without indexes: these are built at once when the month is attached.
    private void make(Manifest.Table month) {
        tables.execute("create %stable %s (like %s including defaults including constraints including generated)"
                .formatted(throwaway ? "unlogged " : "", month.name(), month.parent()));
        tables.execute("alter table %s enable row level security".formatted(month.name()));
    }

    /// One that was detached is so again, and then has the indexes and keys of one that was attached.
    private void attach(Manifest.Table month) {
        tables.execute("alter table %s attach partition %s %s"
                .formatted(month.parent(), month.name(), month.partitionOf() != null ? month.bound() : bound(month)));
        if (month.partitionOf() == null) {
            tables.execute("alter table %s detach partition %s".formatted(month.parent(), month.name()));
        }
    }

    private static String bound(Manifest.Table month) {
        var name = month.name();
        var first = YearMonth.parse(name.substring(name.length() - 7).replace('_', '-'))
                .atDay(1);
        return "for values from ('%s') to ('%s')".formatted(first, first.plusMonths(1));
    }

    private void load(ZipFile zip, Manifest.Table table) throws SQLException, IOException {
        var entry = zip.getEntry(CopyDump.entry(table));
        if (entry == null) {
            throw new Command.Failed("The backup is without the rows of %s".formatted(table.name()));
        }
        try (var rows = zip.getInputStream(entry)) {
            tables.connection()
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "copy %s (%s) from stdin".formatted(table.name(), String.join(", ", table.columns())),
                            rows);
        }
    }

    /// In the order in which foreign keys hold at any time.
    private List<Manifest.Table> parentsFirst(List<Manifest.Table> some) {
        var parents = new HashMap<String, Set<String>>();
        tables.db()
                .sql("""
                    select cn.nspname || '.' || c.relname as child, pn.nspname || '.' || p.relname as parent
                      from pg_constraint f
                      join pg_class c on c.oid = f.conrelid
                      join pg_namespace cn on cn.oid = c.relnamespace
                      join pg_class p on p.oid = f.confrelid
                      join pg_namespace pn on pn.oid = p.relnamespace
                     where f.contype = 'f' and cn.nspname in (:schemas) and f.conrelid <> f.confrelid
                    """)
                .param("schemas", Databases.SCHEMAS)
                .query((row, _) -> List.of(row.getString("child"), row.getString("parent")))
                .list()
                .forEach(key -> parents.computeIfAbsent(key.get(0), _ -> new HashSet<>())
                        .add(key.get(1)));
        var ordered = new LinkedHashSet<Manifest.Table>();
        var waiting = new ArrayList<>(some);
        waiting.sort(Comparator.comparing(Manifest.Table::name));
        while (!waiting.isEmpty()) {
            var unfilled = waiting.stream().map(Manifest.Table::name).collect(Collectors.toSet());
            var next = waiting.stream()
                    .filter(table -> parents.getOrDefault(table.name(), Set.of()).stream()
                            .noneMatch(unfilled::contains))
                    .toList();
            if (next.isEmpty()) {
                throw new IllegalStateException("Foreign keys go in a circle among " + unfilled);
            }
            ordered.addAll(next);
            waiting.removeAll(next);
        }
        return List.copyOf(ordered);
    }

    private static Map<String, Manifest.Table> byName(List<Manifest.Table> tables) {
        var byName = new TreeMap<String, Manifest.Table>();
        tables.forEach(table -> byName.put(table.name(), table));
        return byName;
    }
}
