package rocks.urvote.kernel;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.StackWalker.StackFrame;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Puts into each statement who asks it, `select /* songs.StoredSongs.find */ ...`, so that an operator who meets it in
/// `pg_stat_statements`, `pg_stat_activity` or a log knows where to look.
///
/// A text is signed once, by whoever asks it first, and is the same from then on: it is prepared and grouped as before,
/// and the hot path pays for one look-up. The comment follows the first word, as PostgreSQL drops what comes before it,
/// and cuts off what comes late.
record SignedSql(JdbcClient db) implements JdbcClient {

    private static final StackWalker STACK = StackWalker.getInstance();
    private static final Cache<String, String> SIGNED =
            Caffeine.newBuilder().maximumSize(2_000).build();

    private static final String OURS = "rocks.urvote.";
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(\\w+)\\$\\d+");

    @Override
    public StatementSpec sql(String sql) {
        return db.sql(SIGNED.get(
                sql,
                text -> signed(
                        text,
                        STACK.walk(frames -> frames.filter(SignedSql::asks)
                                .findFirst()
                                .map(SignedSql::name)
                                .orElse("")))));
    }

    /// With the origin behind the first word, or at the end where it does not begin with one; as it is without an
    /// origin.
    static String signed(String sql, String origin) {
        if (origin.isEmpty()) {
            return sql;
        }
        var text = sql.strip();
        int word = 0;
        while (word < text.length() && Character.isLetter(text.charAt(word))) {
            word++;
        }
        return word == 0
                ? "%s /* %s */".formatted(text, origin)
                : "%s /* %s */%s".formatted(text.substring(0, word), origin, text.substring(word));
    }

    private static boolean asks(StackFrame frame) {
        return frame.getClassName().startsWith(OURS) && !frame.getClassName().equals(SignedSql.class.getName());
    }

    /// `songs.StoredSongs.find`, also from within a lambda of it.
    private static String name(StackFrame frame) {
        var type = frame.getClassName().substring(OURS.length()).replace('$', '.');
        var method = LAMBDA.matcher(frame.getMethodName()).replaceAll("$1");
        return method.startsWith("<") || method.equals("new") || method.equals("static") ? type : type + "." + method;
    }
}
