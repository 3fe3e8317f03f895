package rocks.urvote.votes;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The months of `votes` and `ballots`: last month, this one and three ahead are ready at any time.
@Component
class Partitions {

    private final JdbcClient db;

    Partitions(JdbcClient db) {
        this.db = db;
    }

    /// Months that are not ready, `YYYY-MM`.
    List<String> missing() {
        return db.sql("""
            select to_char(month, 'YYYY-MM')
              from generate_series(date_trunc('month', now()) - interval '1 month',
                                   date_trunc('month', now()) + interval '3 months', interval '1 month') month
             where to_regclass('contest.' || to_char(month, '"votes_"YYYY_MM')) is null
                or to_regclass('contest.' || to_char(month, '"ballots_"YYYY_MM')) is null
             order by month
            """).query((row, _) -> row.getString(1)).list();
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
