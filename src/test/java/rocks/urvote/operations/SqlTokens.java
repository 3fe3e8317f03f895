package rocks.urvote.operations;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// A script of PostgreSQL's SQL taken apart into statements and these into words, as the server would: what stands in
/// quotes, in dollar quotes and in comments is not mistaken for SQL.
final class SqlTokens {

    enum Kind {
        /// A keyword or a name, in lower case unless it was quoted.
        WORD,
        /// A text in quotes or dollar quotes, without them.
        TEXT,
        /// Anything else: a sign, or a number.
        SIGN
    }

    record Token(Kind kind, String text, int line) {

        boolean is(String word) {
            return kind != Kind.TEXT && text.equals(word);
        }
    }

    private static final Pattern DOLLAR = Pattern.compile("\\$(?:[A-Za-z_][A-Za-z_0-9]*)?\\$");

    private final String sql;
    private final List<List<Token>> statements = new ArrayList<>();
    private final List<String> comments = new ArrayList<>();
    private List<Token> statement = new ArrayList<>();
    private int at;
    private int line = 1;

    private SqlTokens(String sql) {
        this.sql = sql;
    }

    /// Each without its semicolon; none is empty.
    static List<List<Token>> statements(String sql) {
        var tokens = new SqlTokens(sql);
        tokens.read();
        return tokens.statements;
    }

    /// The lines that are comments, without what makes them so.
    static List<String> comments(String sql) {
        var tokens = new SqlTokens(sql);
        tokens.read();
        return tokens.comments;
    }

    private void read() {
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == '\n') {
                line++;
                at++;
            } else if (Character.isWhitespace(c)) {
                at++;
            } else if (sql.startsWith("--", at)) {
                int end = end("\n", at);
                comments.add(sql.substring(at + 2, end).strip());
                at = end;
            } else if (sql.startsWith("/*", at)) {
                skipComment();
            } else if (c == '\'') {
                text(afterQuote('\'', at > 0 && "eE".indexOf(sql.charAt(at - 1)) >= 0));
            } else if (c == '"') {
                int end = afterQuote('"', false);
                add(Kind.WORD, sql.substring(at + 1, end - 1).replace("\"\"", "\""), end);
            } else if (sql.startsWith("${", at)) {
                add(Kind.WORD, sql.substring(at, end("}", at) + 1), end("}", at) + 1);
            } else if (c == '$' && DOLLAR.matcher(sql).region(at, sql.length()).lookingAt()) {
                dollarQuoted();
            } else if (Character.isLetter(c) || c == '_') {
                word();
            } else if (c == ';') {
                at++;
                endStatement();
            } else {
                add(Kind.SIGN, Character.toString(c), at + 1);
            }
        }
        endStatement();
    }

    private void endStatement() {
        if (!statement.isEmpty()) {
            statements.add(List.copyOf(statement));
            statement = new ArrayList<>();
        }
    }

    private void word() {
        int end = at;
        while (end < sql.length()
                && (Character.isLetterOrDigit(sql.charAt(end)) || "_$".indexOf(sql.charAt(end)) >= 0)) {
            end++;
        }
        if (end == at + 1 && end < sql.length() && sql.charAt(end) == '\'' && "eEbBxX".indexOf(sql.charAt(at)) >= 0) {
            at = end;
            return;
        }
        add(Kind.WORD, sql.substring(at, end).toLowerCase(Locale.ROOT), end);
    }

    private void text(int end) {
        add(Kind.TEXT, sql.substring(at + 1, end - 1), end);
    }

    private void dollarQuoted() {
        var tag = DOLLAR.matcher(sql).region(at, sql.length());
        if (!tag.lookingAt()) {
            throw new IllegalStateException("line %d: no dollar quote begins here".formatted(line));
        }
        int from = at + tag.group().length();
        int to = end(tag.group(), from);
        add(
                Kind.TEXT,
                sql.substring(from, to),
                Math.min(sql.length(), to + tag.group().length()));
    }

    /// Comments of this kind stand inside of each other.
    private void skipComment() {
        int depth = 0;
        do {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                if (sql.charAt(at) == '\n') {
                    line++;
                }
                at++;
            }
        } while (depth > 0 && at < sql.length());
    }

    private int afterQuote(char quote, boolean escapes) {
        int end = at + 1;
        while (end < sql.length()) {
            if (escapes && sql.charAt(end) == '\\') {
                end += 2;
            } else if (sql.charAt(end) != quote) {
                end++;
            } else if (end + 1 < sql.length() && sql.charAt(end + 1) == quote) {
                end += 2;
            } else {
                return end + 1;
            }
        }
        throw new IllegalArgumentException("line %d: this quote has no end".formatted(line));
    }

    private int end(String what, int from) {
        int end = sql.indexOf(what, from);
        return end < 0 ? sql.length() : end;
    }

    private void add(Kind kind, String text, int end) {
        statement.add(new Token(kind, text, line));
        line += (int) sql.substring(at, Math.min(end, sql.length()))
                .chars()
                .filter(c -> c == '\n')
                .count();
        at = end;
    }
}
