package rocks.urvote.operations;

import java.util.ArrayList;
import java.util.List;
import rocks.urvote.operations.SqlTokens.Token;

/// Reads along the words of one statement.
final class SqlCursor {

    private final List<Token> words;
    private int at;

    SqlCursor(List<Token> words) {
        this.words = List.copyOf(words);
    }

    List<Token> words() {
        return words;
    }

    List<Token> rest() {
        return words.subList(at, words.size());
    }

    boolean more() {
        return at < words.size();
    }

    void next() {
        at++;
    }

    /// In which it begins.
    int line() {
        return words.isEmpty() ? 1 : words.getFirst().line();
    }

    /// Goes past these words, if they are what comes next.
    boolean skip(String... wanted) {
        if (!here(at, wanted)) {
            return false;
        }
        at += wanted.length;
        return true;
    }

    /// Whether these words stand anywhere from here on, one after the other.
    boolean has(String... wanted) {
        for (int i = at; i < words.size(); i++) {
            if (here(i, wanted)) {
                return true;
            }
        }
        return false;
    }

    private boolean here(int from, String... wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (from + i >= words.size() || !words.get(from + i).is(wanted[i])) {
                return false;
            }
        }
        return true;
    }

    /// Goes past the next such word.
    void until(String word) {
        while (more() && !words.get(at).is(word)) {
            at++;
        }
        at++;
    }

    /// The name that comes next, without its schema.
    String name() {
        var name = "";
        do {
            name = more() ? words.get(at++).text() : name;
        } while (skip("."));
        return name;
    }

    /// What follows, at each comma that is in no bracket.
    List<SqlCursor> list() {
        var parts = new ArrayList<SqlCursor>();
        int depth = 0;
        int from = at;
        for (int i = at; i < words.size(); i++) {
            var word = words.get(i);
            depth += word.is("(") ? 1 : word.is(")") ? -1 : 0;
            if (depth == 0 && word.is(",")) {
                parts.add(new SqlCursor(words.subList(from, i)));
                from = i + 1;
            }
        }
        parts.add(new SqlCursor(words.subList(from, words.size())));
        return parts;
    }
}
