package rocks.urvote.kernel;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a module holds about people. It gives all of it to whom it is about, and lets go of it when they are erased.
public interface Holding {

    /// A part of it, by the name it has in an export.
    ///
    /// @param role  as whom it is read: as the person where the policies let them see it
    /// @param first what is smaller than every key
    /// @param sql   gives the `key` and the `json` of up to `:rows` rows about `:person`, behind `:after`, by key
    record Part(String name, Acting.Role role, String first, String sql) {

        public static final int ROWS = 500;

        /// The next rows behind a key; from the beginning where it is empty.
        public List<Row> rows(Transactions transactions, JdbcClient db, UserId person, String after) {
            var acting = role == Acting.Role.USER ? Acting.user(person) : new Acting(role, null, null);
            return transactions.as(acting, () -> {
                db.sql("set local time zone 'UTC'").update();
                return db.sql(sql)
                        .param("person", person)
                        .param("after", after.isEmpty() ? first : after)
                        .param("rows", ROWS)
                        .query((row, _) -> new Row(row.getString("key"), row.getString("json")))
                        .list();
            });
        }
    }

    /// One row, as a JSON object.
    record Row(String key, String json) {}

    List<Part> parts();

    /// Why somebody cannot be erased before something else is done: a stable word and a sentence.
    record Obstacle(String code, String sentence) {}

    /// Takes away what the person may do for others, or says why it cannot: nothing is changed then.
    default Optional<Obstacle> release(UserId person) {
        return Optional.empty();
    }

    /// Lets go of what may go of an erased person. It is asked again, until the contests are over that they voted in.
    ///
    /// @param until what came later stays: it is theirs who come back meanwhile
    default void erase(UserId person, Instant until) {}
}
