package rocks.urvote.operations;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import rocks.urvote.operations.SqlTokens.Kind;
import rocks.urvote.operations.SqlTokens.Token;

/// What a migration must not do to a database in which people vote, nor to the release before that still runs on it:
/// the rules of `docs/recipes` for changing a table, as far as a script shows them.
final class MigrationLint {

    /// Says since when nothing reads what a script takes away.
    private static final String CONTRACT = "contract: ";

    private static final Set<String> CONSTANT = Set.of(
            "now",
            "current_timestamp",
            "current_date",
            "array",
            "true",
            "false",
            "null",
            "interval",
            "date",
            "timestamptz");

    private final List<List<Token>> statements;
    private final boolean inTransaction;
    private final boolean contracts;
    private final Set<String> made = new LinkedHashSet<>();
    private final Set<String> touched = new LinkedHashSet<>();
    private final Set<String> forced = new LinkedHashSet<>();
    private final Set<String> unforced = new LinkedHashSet<>();
    private final Set<String> addedNotValid = new LinkedHashSet<>();
    private final List<String> complaints = new ArrayList<>();
    private boolean waitsShortly;

    private MigrationLint(String sql, boolean inTransaction) {
        this.statements = SqlTokens.statements(sql);
        this.inTransaction = inTransaction;
        this.contracts = SqlTokens.comments(sql).stream().anyMatch(comment -> comment.startsWith(CONTRACT));
    }

    /// As sentences, each with its line; empty where all is well.
    static List<String> complaints(String sql) {
        return complaints(sql, true);
    }

    /// @param inTransaction whether Flyway runs the script in one
    static List<String> complaints(String sql, boolean inTransaction) {
        var lint = new MigrationLint(sql, inTransaction);
        lint.statements.forEach(lint::statement);
        lint.whole();
        return List.copyOf(lint.complaints);
    }

    private void whole() {
        if (touched.size() > 1) {
            complaints.add("changes %s: one existing table a script".formatted(String.join(" and ", touched)));
        }
        for (var table : unforced) {
            if (!forced.contains(table)) {
                complaints.add("turns forcing off for %s and not on again".formatted(table));
            }
        }
        for (var table : made) {
            if (!forced.contains(table)) {
                complaints.add("makes %s without 'force row level security'".formatted(table));
            }
        }
        if (!inTransaction) {
            outsideOfATransaction();
        }
    }

    /// It may break off and is tried again by the next `migrate`, so it takes away first what it left behind.
    private void outsideOfATransaction() {
        var acts = statements.stream().filter(each -> !starts(each, "set")).toList();
        var made = acts.isEmpty() ? Optional.<String>empty() : indexName(acts.getLast(), "create");
        if (acts.size() == 1 && made.isPresent()) {
            complaints.add("may break off: 'drop index concurrently if exists %s' first".formatted(made.get()));
        } else if (acts.size() > 1
                && !(acts.size() == 2
                        && made.isPresent()
                        && indexName(acts.getFirst(), "drop").equals(made))) {
            complaints.add("does several things outside of a transaction: one a script, or half of them stay");
        }
    }

    private static Optional<String> indexName(List<Token> words, String what) {
        var rest = new SqlCursor(words);
        if (!rest.skip(what)) {
            return Optional.empty();
        }
        rest.skip("unique");
        if (!rest.skip("index", "concurrently")) {
            return Optional.empty();
        }
        rest.skip("if", "exists");
        return Optional.of(rest.name());
    }

    private void statement(List<Token> words) {
        var rest = new SqlCursor(words);
        if (rest.skip("set")) {
            rest.skip("local");
            rest.skip("session");
            waitsShortly |= rest.skip("lock_timeout");
        } else if (rest.skip("create")) {
            create(rest);
        } else if (rest.skip("alter")) {
            alter(rest);
        } else if (rest.skip("drop")) {
            drop(rest);
        } else if (rest.skip("update") || rest.skip("insert", "into") || rest.skip("delete", "from")) {
            rows(rest);
        } else if (rest.skip("with")) {
            withRows(rest);
        } else if (rest.skip("do")) {
            block(rest);
        } else if (rest.skip("truncate") || rest.skip("lock") || rest.skip("cluster") || rest.skip("vacuum")) {
            complain(
                    rest,
                    "locks a whole table: '%s' has no place in a migration"
                            .formatted(words.getFirst().text()));
        } else if (rest.skip("reindex") && words.stream().noneMatch(word -> word.is("concurrently"))) {
            complain(rest, "must say 'reindex ... concurrently', in a script outside of a transaction");
        }
    }

    private void create(SqlCursor rest) {
        rest.skip("or", "replace");
        rest.skip("unique");
        rest.skip("unlogged");
        if (rest.skip("table")) {
            rest.skip("if", "not", "exists");
            made.add(rest.name());
            if (rest.skip("partition", "of")) {
                complain(rest, "locks %s: make the partition apart, then attach it".formatted(rest.name()));
            }
            references(rest);
        } else if (rest.skip("index")) {
            index(rest);
        } else if (rest.skip("trigger")
                || rest.skip("constraint", "trigger")
                || rest.skip("policy")
                || rest.skip("rule")) {
            rest.until("on");
            touch(rest.name(), rest);
        } else if (rest.skip("materialized")) {
            complain(rest, "makes a materialized view, which reads as its owner");
        }
    }

    /// To refer to a table is to hold its writers off for a moment.
    private void references(SqlCursor rest) {
        while (rest.has("references")) {
            rest.until("references");
            var table = rest.name();
            if (!made.contains(table)) {
                waits(rest, table);
            }
        }
    }

    private void index(SqlCursor rest) {
        boolean concurrently = rest.skip("concurrently");
        rest.until("on");
        boolean only = rest.skip("only");
        var table = rest.name();
        if (made.contains(table)) {
            return;
        }
        touch(table, rest);
        if (concurrently && inTransaction) {
            complain(
                    rest,
                    "'concurrently' needs a script outside of a transaction: executeInTransaction=false in its .conf");
        } else if (!concurrently && !only) {
            complain(
                    rest,
                    "stops all writing to %s: 'create index concurrently', or 'on only' for a partitioned table"
                            .formatted(table));
        }
    }

    private void alter(SqlCursor rest) {
        if (rest.skip("policy")) {
            rest.until("on");
            touch(rest.name(), rest);
            return;
        }
        if (!rest.skip("table")) {
            return;
        }
        rest.skip("if", "exists");
        rest.skip("only");
        var table = rest.name();
        var actions = rest.list();
        actions.forEach(action -> force(table, action));
        if (!made.contains(table)) {
            touch(table, rest);
            actions.forEach(action -> action(table, action));
        }
    }

    private void force(String table, SqlCursor action) {
        if (starts(action.words(), "force", "row")) {
            forced.add(table);
        } else if (starts(action.words(), "no", "force")) {
            forced.remove(table);
            unforced.add(table);
        }
    }

    private void action(String table, SqlCursor action) {
        if (action.skip("alter")) {
            action.skip("column");
            action.name();
            if (action.skip("type") || action.skip("set", "data", "type")) {
                complain(
                        action,
                        "rewrites %s: add a column of the new type, fill it, and drop the old one later"
                                .formatted(table));
            } else if (action.skip("set", "not", "null")) {
                complain(
                        action,
                        "reads all of %s under a lock: add a check 'not valid', and validate it in a script of its own"
                                .formatted(table));
            }
        } else if (action.skip("add")) {
            add(table, action);
        } else if (action.skip("validate", "constraint")) {
            if (addedNotValid.contains(action.name())) {
                complain(
                        action,
                        "validates what it added: in one transaction that reads all of %s under its lock"
                                .formatted(table));
            }
        } else if (action.skip("drop") && !action.skip("constraint")) {
            contract(action, "takes a column of %s away".formatted(table));
        } else if (action.skip("rename")) {
            complain(action, "renames what the release before still asks for by its name");
        } else if (action.skip("detach") && !action.has("concurrently")) {
            complain(action, "stops all writing to %s: 'detach partition ... concurrently'".formatted(table));
        } else if (starts(action.words(), "set", "logged")
                || starts(action.words(), "set", "unlogged")
                || starts(action.words(), "set", "tablespace")
                || starts(action.words(), "set", "access")) {
            complain(action, "rewrites %s".formatted(table));
        }
    }

    private void add(String table, SqlCursor action) {
        var name = action.skip("constraint") ? action.name() : "";
        if (action.skip("check") || action.skip("foreign", "key")) {
            if (action.has("not", "valid")) {
                addedNotValid.add(name);
            } else {
                complain(
                        action,
                        "reads all of %s under a lock: add it 'not valid', and validate it in a script of its own"
                                .formatted(table));
            }
        } else if (action.skip("unique") || action.skip("primary", "key") || action.skip("exclude")) {
            if (!action.has("using", "index")) {
                complain(
                        action,
                        "stops all writing to %s: make the index concurrently, then add the key 'using index'"
                                .formatted(table));
            }
        } else {
            column(table, action);
        }
    }

    private void column(String table, SqlCursor action) {
        action.skip("column");
        action.skip("if", "not", "exists");
        action.name();
        if (action.has("unique") || action.has("primary", "key") || action.has("references") || action.has("check")) {
            complain(
                    action,
                    "reads all of %s under a lock: add the column first, and its rule as a constraint"
                            .formatted(table));
        }
        if (action.has("generated") || action.has("serial") || action.has("bigserial") || callsWhatVaries(action)) {
            complain(action, "rewrites %s: add the column without it, and fill it in batches".formatted(table));
        } else if (action.has("not", "null") && !action.has("default")) {
            complain(
                    action,
                    "fails where %s has rows, and breaks the release before: give it a default".formatted(table));
        }
    }

    /// A default that is the same for all rows is only noted; one that is not writes each of them.
    private static boolean callsWhatVaries(SqlCursor action) {
        var words = action.words();
        int from = 0;
        while (from < words.size() && !words.get(from).is("default")) {
            from++;
        }
        for (int i = from + 1; i + 1 < words.size(); i++) {
            if (words.get(i).kind() == Kind.WORD
                    && words.get(i + 1).is("(")
                    && !CONSTANT.contains(words.get(i).text())) {
                return true;
            }
        }
        return false;
    }

    private void drop(SqlCursor rest) {
        if (rest.skip("table")
                || rest.skip("view")
                || rest.skip("schema")
                || rest.skip("sequence")
                || rest.skip("function")) {
            contract(rest, "takes something away");
        } else if (rest.skip("policy") || rest.skip("trigger") || rest.skip("rule")) {
            rest.until("on");
            touch(rest.name(), rest);
        } else if (rest.skip("index") && !rest.skip("concurrently")) {
            complain(rest, "waits for everyone who reads: 'drop index concurrently', outside of a transaction");
        }
    }

    private void contract(SqlCursor at, String what) {
        if (!contracts) {
            complain(
                    at,
                    "%s that the release before still needs; once none does, say '-- %ssince <version> nobody reads it'"
                            .formatted(what, CONTRACT));
        }
        waits(at, "what it takes away");
    }

    /// Under forced policies the owner changes no row, and is not told.
    private void rows(SqlCursor at) {
        at.skip("only");
        var table = at.name();
        if (made.contains(table)) {
            return;
        }
        touch(table, at);
        if (!unforced.contains(table) || forced.contains(table)) {
            complain(
                    at,
                    "changes rows of %s under its policies, which is none: 'no force row level security' before, 'force' after"
                            .formatted(table));
        }
    }

    private void withRows(SqlCursor rest) {
        while (rest.more()) {
            if (rest.skip("update") || rest.skip("insert", "into") || rest.skip("delete", "from")) {
                rows(rest);
            } else {
                rest.next();
            }
        }
    }

    /// What stands in a block is looked at like the rest, except for what it only puts together when it runs.
    private void block(SqlCursor rest) {
        rest.words().stream()
                .filter(word -> word.kind() == Kind.TEXT)
                .forEach(body -> SqlTokens.statements(body.text()).forEach(words -> {
                    var inside = new SqlCursor(words);
                    while (inside.skip("begin") || inside.skip("then") || inside.skip("loop") || inside.skip("else")) {
                        // What follows is the statement.
                    }
                    if (inside.has("execute") && !inside.has("execute", "function")) {
                        complain(rest, "executes what cannot be read here: write it out");
                    }
                    statement(inside.rest());
                }));
    }

    private void touch(String table, SqlCursor at) {
        if (!made.contains(table)) {
            touched.add(table);
            waits(at, table);
        }
    }

    private void waits(SqlCursor at, String what) {
        if (!waitsShortly) {
            complain(at, "may wait for %s, and everyone behind it: 'set local lock_timeout' first".formatted(what));
        }
    }

    private void complain(SqlCursor at, String sentence) {
        complaints.add("line %d: %s".formatted(at.line(), sentence));
    }

    private static boolean starts(List<Token> words, String... with) {
        return words.size() >= with.length
                && words.stream()
                        .limit(with.length)
                        .map(Token::text)
                        .collect(Collectors.toList())
                        .equals(List.of(with));
    }
}
