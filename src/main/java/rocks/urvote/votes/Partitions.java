package rocks.urvote.votes;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The months of `votes` and `ballots`: last month, this one and three ahead are ready at any time.
@Component
class Partitions {

    private final JdbcClient db;

    Partitions(JdbcClient db) {
        this.db = db;
    }

    void makeAhead() {
        db.sql("""
            select make_votes_partition((date_trunc('month', now()) + n * interval '1 month')::date)
              from generate_series(-1, 3) n
            """).query().listOfRows();
    }

    /// For a vote that met no partition: in any time zone today is one of these days.
    void makeForToday() {
        db.sql("select make_votes_partition((now() + n * interval '1 day')::date) from generate_series(-1, 1) n")
                .query()
                .listOfRows();
    }
}
