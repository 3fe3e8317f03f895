package rocks.urvote.contests;

import java.time.ZoneId;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The time zones that Java and this PostgreSQL both know by name.
@Component
class TimeZones {

    private final JdbcClient db;
    private volatile Set<String> known = Set.of();

    TimeZones(JdbcClient db) {
        this.db = db;
    }

    boolean know(String name) {
        return all().contains(name);
    }

    /// In the order of their names. Read once: a server learns new ones by an upgrade, after which UrVote starts anew.
    Set<String> all() {
        if (known.isEmpty()) {
            var both = new TreeSet<>(db.sql("select name from pg_timezone_names")
                    .query((row, _) -> row.getString(1))
                    .list());
            both.retainAll(ZoneId.getAvailableZoneIds());
            known = both;
        }
        return known;
    }
}
