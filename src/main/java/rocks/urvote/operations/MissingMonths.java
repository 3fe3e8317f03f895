package rocks.urvote.operations;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The months that votes may come to, by the database's clock, and that are not ready for them.
public interface MissingMonths {

    /// As `2026-11`; all of them where there are no tables yet.
    static List<String> in(JdbcClient db) {
        return db.sql("""
            select to_char(month, 'YYYY-MM')
              from generate_series(date_trunc('month', now()) - interval '1 month',
                                   date_trunc('month', now()) + interval '3 months', interval '1 month') month
             where (select count(*)
                      from pg_class c
                     where c.relnamespace = to_regnamespace('contest')
                       and c.relispartition
                       and c.relname in (to_char(month, '"votes_"YYYY_MM'), to_char(month, '"ballots_"YYYY_MM'))) < 2
             order by month
            """).query((row, _) -> row.getString(1)).list();
    }
}
